#include "engine/feel/position.hpp"

#include <algorithm>
#include <charconv>

#include "engine/feel/text.hpp"

namespace kaigong::feel {

namespace {

/// Takes `word`, spaces and digits off the front; 0 when they do not stand there.
std::size_t take_number(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return 0;
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::size_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return number;
}

}  // namespace

Position position_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t line_end = before.rfind('\n');
    const std::size_t line_start = line_end == std::string_view::npos ? 0 : line_end + 1;
    return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
            code_points_in(before.substr(line_start)) + 1};
}

Position position_in(std::string_view message) {
    const std::size_t line = take_number(message, "第");
    const std::size_t column = take_number(message, "行第");
    return line == 0 || column == 0 ? Position{} : Position{line, column};
}

}  // namespace kaigong::feel
