#include "modules/approval/oversight_lights.hpp"

#include "engine/clock/clock.hpp"

namespace kaigong::approval {

LightRanges light_ranges(const calendar::Calendar& calendar, std::int64_t now_ms) {
    const auto today = office_date(now_ms);
    LightRanges ranges;
    ranges.red.through_ms = calendar.is_published(today.year) ? now_ms : ranges.red.after_ms;
    const auto last = calendar.add_working_days(today, clock::LightLevels{}.yellow_at_remaining);
    ranges.yellow = {ranges.red.through_ms, office_midnight_ms(add_days(last.value, 1))};
    return ranges;
}

}  // namespace kaigong::approval
