// Which days an office works, for the two functions that ask: a calendar comes in with the Environment.
#pragma once

#include <cstdint>

#include "engine/feel/temporal.hpp"

namespace kaigong::feel {

class WorkingDays {
  public:
    WorkingDays() = default;
    WorkingDays(const WorkingDays&) = delete;
    WorkingDays& operator=(const WorkingDays&) = delete;
    virtual ~WorkingDays() = default;

    /// The n-th working day after `start`, which is not counted; before it when n is negative.
    virtual Date add(const Date& start, int n) const = 0;
    /// How many working days lie in (start, through]; negative when `through` is before `start`.
    virtual int between(const Date& start, const Date& through) const = 0;
};

/// More working days than that, and years outside of 1900 to 2200, are beyond any calendar.
inline constexpr int kWorkingDaysMax = 20'000;
inline constexpr std::int64_t kCalendarYearMin = 1900;
inline constexpr std::int64_t kCalendarYearMax = 2200;

}  // namespace kaigong::feel
