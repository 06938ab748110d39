// Any text as a code: refused, or read into parts that compose to the same text again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "formats/identifier/identifier.hpp"

using namespace kaigong::identifier;

namespace {

void must(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    if (const auto certificate = parse_certificate_identifier(text)) must(compose(*certificate) == text);
    if (const auto permit = parse_permit_number(text)) must(compose(*permit) == text);
    if (credit_code_valid(text)) must(size == 18 && credit_code_check(text.substr(0, 17)) == text.back());
    if (organisation_code_valid(text)) must(size == 9 || size == 10);
    if (id_number_valid(text)) must(size == 18);
    if (project_number_valid(text)) must(size == 16);
    static_cast<void>(investment_code_valid(text));
    if (const auto check = mod_37_36_check(text))
        must((*check >= '0' && *check <= '9') || (*check >= 'A' && *check <= 'Z'));
    return 0;
}
