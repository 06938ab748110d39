#include "http/target.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace kaigong::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_target_character(char c) {
    return c > 0x20 && c < 0x7F && std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos;
}

Error malformed(const char* reason) {
    return error(Errc::invalid_input, reason, "网址格式不对，请检查网址是否完整，或从首页重新进入。");
}

bool is_safe_segment(std::string_view segment) {
    return segment != "." && segment != ".." && segment.find('/') == std::string_view::npos &&
           segment.find('\\') == std::string_view::npos;
}

Result<void> read_path(std::string_view raw, Target& target) {
    if (raw == "/") {
        target.path = "/";
        return {};
    }
    while (!raw.empty()) {
        raw.remove_prefix(1);
        const auto end = std::min(raw.find('/'), raw.size());
        auto segment = decode_component(raw.substr(0, end), false);
        if (!segment || !is_safe_segment(*segment)) return malformed("http.path_malformed");
        target.path += '/';
        target.path += *segment;
        target.segments.push_back(std::move(*segment));
        raw.remove_prefix(end);
    }
    return {};
}

Result<void> read_query(std::string_view raw, Target& target) {
    while (!raw.empty()) {
        const auto end = std::min(raw.find('&'), raw.size());
        const auto pair = raw.substr(0, end);
        raw.remove_prefix(std::min(end + 1, raw.size()));
        if (pair.empty()) continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decode_component(pair.substr(0, equals), true);
        auto value = decode_component(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || name->empty() || !value || target.query.size() == kQueryParametersMax) {
            return malformed("http.query_malformed");
        }
        const bool repeated =
            std::ranges::any_of(target.query, [&](const auto& other) { return other.first == *name; });
        if (repeated) {
            return invalid_field(printable(*name), "http.query_repeated", "网址里这个参数出现了两次，请只保留一个。");
        }
        target.query.emplace_back(std::move(*name), std::move(*value));
    }
    return {};
}

}  // namespace

std::optional<std::string> decode_component(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
        decoded += c;
    }
    if (!count_code_points(decoded)) return std::nullopt;
    return decoded;
}

Result<Target> parse_target(std::string_view raw) {
    if (!raw.starts_with('/') || !std::ranges::all_of(raw, is_target_character)) {
        return malformed("http.target_malformed");
    }
    Target target;
    const auto question = std::min(raw.find('?'), raw.size());
    KAIGONG_CHECK(read_path(raw.substr(0, question), target));
    KAIGONG_CHECK(read_query(raw.substr(std::min(question + 1, raw.size())), target));
    return target;
}

}  // namespace kaigong::http
