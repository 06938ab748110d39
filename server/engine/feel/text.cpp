#include "engine/feel/text.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace kaigong::feel {

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char first = byte(at++);
    if (first < 0x80) return first;
    std::size_t more = 0;
    char32_t value = 0;
    char32_t smallest = 0;
    if (first >= 0xC2 && first <= 0xDF) {
        more = 1, value = first & 0x1FU, smallest = 0x80;
    } else if (first >= 0xE0 && first <= 0xEF) {
        more = 2, value = first & 0x0FU, smallest = 0x800;
    } else if (first >= 0xF0 && first <= 0xF4) {
        more = 3, value = first & 0x07U, smallest = 0x10000;
    } else {
        return kReplacement;
    }
    if (text.size() - at < more) return kReplacement;
    for (std::size_t index = 0; index < more; ++index) {
        if ((byte(at + index) & 0xC0U) != 0x80U) return kReplacement;
        value = value << 6U | (byte(at + index) & 0x3FU);
    }
    if (value < smallest || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return kReplacement;
    at += more;
    return value;
}

void append_code_point(char32_t code_point, std::string& text) {
    const auto put = [&](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0U | code_point >> 6U);
        put(0x80U | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        put(0xE0U | code_point >> 12U);
        put(0x80U | (code_point >> 6U & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    } else {
        put(0xF0U | code_point >> 18U);
        put(0x80U | (code_point >> 12U & 0x3FU));
        put(0x80U | (code_point >> 6U & 0x3FU));
        put(0x80U | (code_point & 0x3FU));
    }
}

std::size_t code_points_in(std::string_view text) {
    constexpr std::uint64_t kLowBits = 0x0101'0101'0101'0101;
    std::size_t continuing = 0;  // bytes 10xxxxxx
    std::size_t at = 0;
    for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        continuing += static_cast<std::size_t>(std::popcount(bytes >> 7U & ~(bytes >> 6U) & kLowBits));
    }
    for (; at < text.size(); ++at) continuing += (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U ? 1 : 0;
    return text.size() - continuing;
}

std::size_t byte_of_code_point(std::string_view text, std::size_t index) {
    constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
    std::size_t at = 0;
    for (; index >= sizeof(std::uint64_t) && at + sizeof(std::uint64_t) < text.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + at, sizeof bytes);
        if ((bytes & kHighBits) != 0) break;
        index -= sizeof(std::uint64_t);
    }
    const auto continues = [&] { return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
    for (; index > 0 && at < text.size(); --index) {
        for (++at; continues(); ++at) continue;
    }
    return at;
}

bool is_valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t before = at;
        if (next_code_point(text, at) == kReplacement && text.substr(before, 3) != "\xEF\xBF\xBD") return false;
    }
    return true;
}

std::string repaired_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) append_code_point(next_code_point(text, at), result);
    return result;
}

bool is_space(char32_t code_point) {
    return (code_point >= 0x09 && code_point <= 0x0D) || code_point == 0x20 || code_point == 0x85 ||
           code_point == 0xA0 || code_point == 0x1680 || code_point == 0x180E ||
           (code_point >= 0x2000 && code_point <= 0x200B) || code_point == 0x2028 || code_point == 0x2029 ||
           code_point == 0x202F || code_point == 0x205F || code_point == 0x3000 || code_point == 0xFEFF;
}

}  // namespace kaigong::feel
