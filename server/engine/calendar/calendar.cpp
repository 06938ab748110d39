#include "engine/calendar/calendar.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

#include "engine/calendar/statutory_days.hpp"

namespace kaigong::calendar {
namespace {

bool is_weekend(CivilDate date) {
    const int weekday = weekday_of(date);
    return weekday == 0 || weekday == 6;
}

void require_period(std::int64_t days) {
    if (std::abs(days) > kPeriodDaysMax) throw std::out_of_range("calendar period is too long");
}

}  // namespace

Result<Calendar> Calendar::of(const std::vector<YearTable>& tables) {
    Calendar calendar;
    for (const YearTable& table : tables) {
        if (!calendar.published_.insert(table.year).second) {
            return error(Errc::conflict, "calendar.year_twice",
                         fmt::format("{}年的放假安排出现了两次,请只保留一份。", table.year));
        }
        for (const Holiday& holiday : table.holidays) {
            for (CivilDate day = holiday.from_on; day <= holiday.through_on; day = add_days(day, 1)) {
                calendar.exceptions_[days_of(day)] = {false, holiday.name};
            }
        }
    }
    // Make-up days last: a later notice may take a day of December back from the earlier year's table.
    for (const YearTable& table : tables) {
        for (const CivilDate day : table.working_on) calendar.exceptions_[days_of(day)] = {true, "调休上班"};
    }
    return calendar;
}

Calendar Calendar::with(const std::vector<DayChange>& changes) const {
    auto changed = *this;
    for (const auto& change : changes) changed.exceptions_[days_of(change.on)] = {change.working, change.name};
    return changed;
}

Answer<bool> Calendar::is_working_day(CivilDate date) const {
    const bool provisional = !is_published(date.year);
    const auto exception = exceptions_.find(days_of(date));
    if (exception != exceptions_.end()) return {exception->second.working, provisional};
    if (is_weekend(date)) return {false, provisional};
    return {!provisional || statutory_day_name(date).empty(), provisional};
}

std::string_view Calendar::day_name(CivilDate date) const {
    const auto exception = exceptions_.find(days_of(date));
    if (exception != exceptions_.end()) return exception->second.name;
    if (!is_published(date.year)) {
        if (const std::string_view name = statutory_day_name(date); !name.empty()) return name;
    }
    return is_weekend(date) ? "周末" : std::string_view{};
}

Answer<CivilDate> Calendar::add_working_days(CivilDate start, int n) const {
    require_period(n);
    Answer<CivilDate> due{start, false};
    const int step = n < 0 ? -1 : 1;
    for (int left = std::abs(n); left > 0;) {
        due.value = add_days(due.value, step);
        const auto day = is_working_day(due.value);
        due.provisional |= day.provisional;
        if (day.value) --left;
    }
    return due;
}

Answer<int> Calendar::working_days_between(CivilDate start, CivilDate through) const {
    if (through < start) {
        const auto backwards = working_days_between(through, start);
        return {-backwards.value, backwards.provisional};
    }
    require_period(days_of(through) - days_of(start));
    Answer<int> count{0, false};
    for (CivilDate date = start; date < through;) {
        date = add_days(date, 1);
        const auto day = is_working_day(date);
        count.provisional |= day.provisional;
        if (day.value) ++count.value;
    }
    return count;
}

Answer<CivilDate> Calendar::roll_to_working_day(CivilDate date) const {
    Answer<CivilDate> rolled{date, false};
    for (;;) {
        const auto day = is_working_day(rolled.value);
        rolled.provisional |= day.provisional;
        if (day.value) return rolled;
        rolled.value = add_days(rolled.value, 1);
    }
}

Answer<CivilDate> Calendar::add_months(CivilDate start, int months) const {
    require_period(std::int64_t{months} * 31);
    return roll_to_working_day(kaigong::add_months(start, months));
}

Answer<CivilDate> Calendar::add_calendar_days(CivilDate start, int days) const {
    require_period(days);
    return roll_to_working_day(add_days(start, days));
}

}  // namespace kaigong::calendar
