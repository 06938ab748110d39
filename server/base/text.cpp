#include "base/text.hpp"

#include <algorithm>

namespace kaigong {
namespace {

struct Decoded {
    char32_t code_point = 0;
    std::size_t bytes = 0;  // 0: not UTF-8
};

Decoded decode_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80) return {first, 1};
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {};
    char32_t code_point = first & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0U) != 0x80U) return {};
        code_point = (code_point << 6U) | (byte(at + i) & 0x3FU);
    }
    const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
    const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    if (overlong || surrogate || code_point > 0x10FFFF) return {};
    return {code_point, length};
}

bool is_control(char32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

}  // namespace

std::optional<std::size_t> count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        const auto decoded = decode_at(text, at);
        if (decoded.bytes == 0) return std::nullopt;
        at += decoded.bytes;
    }
    return count;
}

std::string printable(std::string_view text, std::size_t code_points_max) {
    std::string shown;
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        if (count == code_points_max) return shown + "…";
        const auto decoded = decode_at(text, at);
        if (decoded.bytes == 0 || is_control(decoded.code_point)) {
            shown += '?';
        } else {
            shown += text.substr(at, decoded.bytes);
        }
        at += std::max<std::size_t>(decoded.bytes, 1);
    }
    return shown;
}

std::string beginning_of(std::string_view text, std::size_t code_points_max) {
    std::size_t seen = 0;
    std::size_t last = 0;  // where the last one that fits begins
    for (std::size_t at = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) continue;
        if (seen == code_points_max) return std::string(text.substr(0, last)) + "…";
        last = at;
        ++seen;
    }
    return std::string(text);
}

}  // namespace kaigong
