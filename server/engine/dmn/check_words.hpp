// A part of the inputs in words: `区划以“33”开头、申请日早于 2018-01-01`.
#pragma once

#include <string>
#include <vector>

#include "engine/dmn/check_column.hpp"
#include "engine/dmn/check_cover.hpp"

namespace kaigong::dmn {

struct Words {
    std::string zh, en;
    bool empty() const { return zh.empty(); }
};

/// One readable part of `box`. Columns that may hold anything are left out; empty when all may.
Words words_of(const std::vector<CheckColumn>& columns, const Box& box);

}  // namespace kaigong::dmn
