#include "modules/approval/own_day.hpp"

namespace kaigong::approval {

clock::Reading read_own_day(std::int64_t due_at_ms, const calendar::Calendar& calendar, std::int64_t now_ms) {
    const auto today = office_date(now_ms);
    const auto due_on = office_date(due_at_ms - 1);
    const auto left = calendar.working_days_between(today, due_on);
    clock::Reading reading;
    reading.due_on = due_on;
    reading.due_at_ms = due_at_ms;
    reading.remaining = left.value;
    reading.provisional = left.provisional;
    reading.overdue = now_ms >= due_at_ms && calendar.is_published(today.year);
    const bool nearly = left.value <= clock::LightLevels{}.yellow_at_remaining;
    reading.light = reading.overdue ? clock::Light::red : nearly ? clock::Light::yellow : clock::Light::green;
    return reading;
}

}  // namespace kaigong::approval
