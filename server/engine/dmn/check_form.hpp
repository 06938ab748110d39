// What a cell's unary tests say about the value alone, freed from how they are written: comparisons with constants,
// joined by and, or and not. Anything else (a function of the value, a look at another input) is opaque.
#pragma once

#include <string>
#include <vector>

#include "engine/feel/node.hpp"
#include "engine/feel/value.hpp"

namespace kaigong::dmn {

struct CellForm {
    enum class Kind : std::uint8_t {
        anything,  // `-`
        equal,     // value
        order,     // form (less … greater_or_equal) and value
        prefix,    // a text that begins with value
        any_of,    // parts; none: nothing
        all_of,    // parts
        none_of,   // not(parts)
        opaque,
    };
    Kind kind = Kind::opaque;
    feel::Value value;
    feel::Range::Form form = feel::Range::Form::interval;
    std::vector<CellForm> parts;

    bool holds_opaque() const;
};

CellForm form_of_tests(const feel::Node& tests);

}  // namespace kaigong::dmn
