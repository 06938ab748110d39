// Any JSON as a form: it fits, or every fault has a path and a sentence. What fits for filing fits as a draft too.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json_reader.hpp"
#include "modules/catalog/form_schema.hpp"

using namespace kaigong;

namespace {

constexpr std::string_view kSchema =
    R"({"type":"object","additionalProperties":false,"$defs":{"d":{"type":"string","format":"date"}},
 "properties":{"a":{"type":"string","minLength":2,"maxLength":4,"pattern":"^[0-9A-Z]+$"},"b":{"$ref":"#/$defs/d"},
 "c":{"type":["integer","null"],"minimum":-3,"maximum":9},"e":{"type":"boolean"},"f":{"type":"string","enum":["x","y"]},"i":{"type":"string","x-code-table":"t"},
 "g":{"type":"array","maxItems":3,"items":{"type":"object","additionalProperties":false,"properties":{"h":{"type":"string","maxLength":3}}}}}})";

const boost::json::object& schema() {
    static const boost::json::object made = parse_json(kSchema, {}).value().as_object();
    return made;
}

bool known_code(std::string_view, std::string_view code) {
    return code == "1";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto form = parse_json({reinterpret_cast<const char*>(bytes), size}, {.depth_max = 12, .values_max = 2'000});
    if (!form || !form->is_object()) return 0;
    const auto draft = catalog::check_form(schema(), form->get_object(), catalog::Strictness::draft, known_code);
    const auto filing = catalog::check_form(schema(), form->get_object(), catalog::Strictness::filing, known_code);
    if (filing && !draft) std::abort();
    if (filing) return 0;
    if (filing.error().fields.empty()) std::abort();
    for (const auto& field : filing.error().fields) {
        if (field.field.empty() || field.message.empty()) std::abort();
    }
    return 0;
}
