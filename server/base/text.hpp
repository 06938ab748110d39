// Text of strangers: how long it is, and how to show a piece of it without harm.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong {

/// Number of Unicode code points; nothing when the text is not valid UTF-8 (overlong forms and surrogates are not).
std::optional<std::size_t> count_code_points(std::string_view text);

/// A name that a stranger chose, fit for a message: control characters and bytes that are not UTF-8 become `?`, at most
/// `code_points_max` stay.
std::string printable(std::string_view text, std::size_t code_points_max = 64);

/// The beginning of valid UTF-8: at most `code_points_max`, the last of them `…` where something was left out.
std::string beginning_of(std::string_view text, std::size_t code_points_max);

}  // namespace kaigong
