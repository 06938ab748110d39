// Tasks with a day of their own, which no clock of the case moves or pauses: checks of commitments (告知承诺).
#pragma once

#include <cstdint>

#include "engine/calendar/calendar.hpp"
#include "engine/clock/clock.hpp"

namespace kaigong::approval {

/// `due_at_ms` is the first instant that is too late. Red only where the year is published.
clock::Reading read_own_day(std::int64_t due_at_ms, const calendar::Calendar& calendar, std::int64_t now_ms);

}  // namespace kaigong::approval
