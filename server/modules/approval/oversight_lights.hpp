// Which open tasks are late or nearly so, as ranges of the instant by which lists are ordered: so counts read an index
// and no case. They say what read_clock says of each case (oversight_lights_test.cpp).
#pragma once

#include "engine/calendar/calendar.hpp"
#include "modules/approval/store_oversight.hpp"

namespace kaigong::approval {

struct LightRanges {
    store::DueRange red;
    store::DueRange yellow;
};

/// Nothing is red in a year that is not published. Tasks of a case whose clock stands still are due after everything.
LightRanges light_ranges(const calendar::Calendar& calendar, std::int64_t now_ms);

}  // namespace kaigong::approval
