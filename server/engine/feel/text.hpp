// UTF-8 by code point. Strings of FEEL are valid UTF-8; what comes from outside is repaired on the way in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kaigong::feel {

inline constexpr char32_t kReplacement = 0xFFFD;

/// The code point that begins at `at`, and moves `at` behind it; a broken byte gives kReplacement.
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(char32_t code_point, std::string& text);
std::size_t code_points_in(std::string_view text);
/// The byte at which code point number `index` (from 0) begins; the size when there are fewer.
std::size_t byte_of_code_point(std::string_view text, std::size_t index);
bool is_valid_utf8(std::string_view text);
/// Broken bytes become U+FFFD.
std::string repaired_utf8(std::string_view text);
/// Blank as XML Schema has it, and the ideographic and other Unicode spaces.
bool is_space(char32_t code_point);

}  // namespace kaigong::feel
