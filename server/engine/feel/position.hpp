// Where in an expression something stands: line and column from 1, columns by code point, as editors count them.
#pragma once

#include <cstddef>
#include <string_view>

namespace kaigong::feel {

struct Position {
    std::size_t line = 0;  // 0: not known
    std::size_t column = 0;
};

Position position_of(std::string_view text, std::size_t offset);
/// The place that an error of `parse` names at the beginning of its sentence; 0 when it names none.
Position position_in(std::string_view message);

}  // namespace kaigong::feel
