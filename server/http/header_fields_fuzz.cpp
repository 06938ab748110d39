// Values of headers: whatever they hold, what is read out of them lies within them and can be written safely.
#include <cstdlib>

#include "http/header_fields.hpp"
#include "http/html.hpp"
#include "http/reply.hpp"
#include "http/target.hpp"

using namespace kaigong::http;

namespace {

void must(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    if (const auto cookie = find_cookie(text, "a")) must(cookie->find(';') == std::string_view::npos);
    if (const auto version = parse_version_tag(text)) must(*version >= 0);
    if (const auto host = host_of(text)) must(host->find_first_of("/@ \r\n") == std::string::npos);
    if (const auto authority = authority_of_origin(text)) must(host_of(*authority).has_value());
    if (accepts_encoding(text, "br")) must(lower_case(text).find("br") != std::string::npos);
    (void)names_etag(text, "\"x\"");
    must(is_field_value(content_disposition(Disposition::attachment, text)));
    must(escape_html(text).find_first_of("<>\"'") == std::string::npos);
    must(decode_component(encode_component(text), false).value_or(std::string(text)) == text);
    if (const auto target = parse_target(text)) {
        for (const auto& segment : target->segments) must(segment != ".." && segment.find('/') == std::string::npos);
        for (const auto& [name, value] : target->query) must(!name.empty() && value.find('\n') == std::string::npos);
    }
    return 0;
}
