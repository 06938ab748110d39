#include "engine/feel/position.hpp"

#include <algorithm>
#include <charconv>

#include "engine/feel/lexer.hpp"

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
    const ParseFailure place = place_of(text, offset);
    return {place.line, place.column};
}

Position position_in(std::string_view message) {
    const std::size_t line = take_number(message, "第");
    const std::size_t column = take_number(message, "行第");
    return line == 0 || column == 0 ? Position{} : Position{line, column};
}

}  // namespace kaigong::feel
