// Any bytes: the parser keeps its limits, and the reader names only problems, whatever the shape is.
#include <array>
#include <cstdlib>

#include "base/json_reader.hpp"

using namespace kaigong;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    constexpr std::array kNames{JsonName<int>{"a", 1}, JsonName<int>{"b", 2}};
    const auto value = parse_json({reinterpret_cast<const char*>(bytes), size}, {.depth_max = 16, .values_max = 1'000});
    if (!value) return value.error().reason.starts_with("json.") ? 0 : (std::abort(), 0);
    JsonReader reader(*value);
    reader.text("a");
    reader.optional_text("b", {.length_min = 2, .length_max = 3, .lines = true});
    reader.integer("c", {-5, 5});
    reader.optional_date("d");
    reader.optional_one_of<int>("e", kNames);
    reader.optional_texts("f");
    reader.optional_list<int>("g", {.count_max = 3}, [](JsonReader& item) {
        item.optional_boolean("h");
        item.optional_object<int>("i", [](JsonReader& inner) { return inner.text("j").empty() ? 0 : 1; });
        return 0;
    });
    if (const auto finished = reader.finish(); !finished) {
        const auto& fields = finished.error().fields;
        if (fields.empty() || fields.size() > JsonReader::kProblemsMax) std::abort();
        for (const auto& field : fields) {
            if (!count_code_points(field.field)) std::abort();
        }
    }
    return 0;
}
