#include "engine/clock/clock.hpp"

#include <algorithm>

#include "engine/clock/ledger.hpp"

namespace kaigong::clock {
namespace {

using calendar::Calendar;

constexpr std::int64_t kHourMs = 3'600'000;

/// Where the count of a limit ends.
struct Due {
    std::optional<CivilDate> on;
    std::optional<std::int64_t> at_ms;
    bool provisional = false;
};

struct Count {
    int days = 0;
    bool provisional = false;
};

calendar::Answer<bool> is_counted(const Calendar& calendar, const Intervals& intervals, Unit unit, CivilDate day) {
    if (intervals.pause_on(day) != nullptr) return {false, false};
    if (unit == Unit::calendar_days) return {true, false};
    return calendar.is_working_day(day);
}

/// The day on which a pause ends that began on `day`; `day` itself when none did, nothing while it is open.
std::optional<CivilDate> past_pause_on(const Intervals& intervals, CivilDate day) {
    for (const Pause& pause : intervals.pauses) {
        if (office_date(pause.from_ms) != day) continue;
        if (pause.is_open()) return std::nullopt;
        day = office_date(pause.through_ms);
    }
    return day;
}

/// The last counted day; nothing when an open pause comes first. A pause that began on the last day moves it too: the
/// authority was in time when it paused, and has the day on which it can act again.
Due due_by_days(Budget budget, const Intervals& intervals, const Calendar& calendar) {
    CivilDate day = office_date(intervals.started_at_ms);
    Due due;
    for (int left = budget.amount; left > 0;) {
        day = add_days(day, 1);
        const Pause* pause = intervals.pause_on(day);
        if (pause != nullptr && pause->is_open()) return due;
        const auto counted = is_counted(calendar, intervals, budget.unit, day);
        due.provisional |= counted.provisional;
        if (counted.value) --left;
    }
    const auto last = past_pause_on(intervals, day);
    if (!last) return due;
    if (*last != day || budget.unit == Unit::calendar_days) {
        const auto rolled = calendar.roll_to_working_day(*last);
        day = rolled.value;
        due.provisional |= rolled.provisional;
    }
    due.on = day;
    due.at_ms = office_midnight_ms(add_days(day, 1));
    return due;
}

/// Milliseconds from the start to `until_ms` outside pauses.
std::int64_t running_ms(const Intervals& intervals, std::int64_t until_ms) {
    std::int64_t running = until_ms - intervals.started_at_ms;
    for (const Pause& pause : intervals.pauses) {
        running -= std::max<std::int64_t>(0, std::min(pause.through_ms, until_ms) - pause.from_ms);
    }
    return running;
}

Due due_by_hours(Budget budget, const Intervals& intervals) {
    std::int64_t at_ms = intervals.started_at_ms + budget.amount * kHourMs;
    for (const Pause& pause : intervals.pauses) {
        if (at_ms <= pause.from_ms) break;
        if (pause.is_open()) return {};
        at_ms += pause.through_ms - pause.from_ms;
    }
    // The last day on which it is still in time: a limit that ends at midnight ends on the day before.
    return {office_date(at_ms - 1), at_ms, false};
}

/// The one function that computes a due day.
Due due_of(Budget budget, const Intervals& intervals, const Calendar& calendar) {
    return budget.unit == Unit::hours ? due_by_hours(budget, intervals) : due_by_days(budget, intervals, calendar);
}

/// Counted days in (from, through].
Count count_days(Unit unit, const Intervals& intervals, const Calendar& calendar, CivilDate from, CivilDate through) {
    Count count;
    for (CivilDate day = from; day < through;) {
        day = add_days(day, 1);
        const auto counted = is_counted(calendar, intervals, unit, day);
        count.provisional |= counted.provisional;
        if (counted.value) ++count.days;
    }
    return count;
}

SegmentKind kind_of(const Intervals& intervals, const Calendar& calendar, CivilDate day) {
    if (const Pause* pause = intervals.pause_on(day)) {
        return pause->kind == PauseKind::applicant ? SegmentKind::applicant : SegmentKind::special;
    }
    return calendar.is_working_day(day).value ? SegmentKind::authority : SegmentKind::non_working;
}

std::vector<Segment> segments_of(const Intervals& intervals, const Calendar& calendar, CivilDate through) {
    std::vector<Segment> segments;
    for (CivilDate day = add_days(office_date(intervals.started_at_ms), 1); day <= through; day = add_days(day, 1)) {
        const SegmentKind kind = kind_of(intervals, calendar, day);
        if (segments.empty() || segments.back().kind != kind) segments.push_back({kind, day, day});
        segments.back().through_on = day;
    }
    return segments;
}

void read_usage(Reading& reading, Budget budget, const Intervals& intervals, const Calendar& calendar,
                std::int64_t as_of_ms) {
    if (budget.unit == Unit::hours) {
        reading.used = static_cast<int>(running_ms(intervals, as_of_ms) / kHourMs);
        reading.remaining = budget.amount - reading.used;
        return;
    }
    const CivilDate today = office_date(as_of_ms);
    const bool late = reading.due_on && today > *reading.due_on;
    const CivilDate from = late ? *reading.due_on : office_date(intervals.started_at_ms);
    const Count count = count_days(budget.unit, intervals, calendar, from, today);
    reading.provisional |= count.provisional;
    // The due day may lie days off behind the last counted one; until it is over the limit is used up and not overrun.
    reading.used = late ? budget.amount + count.days : std::min(budget.amount, count.days);
    reading.remaining = budget.amount - reading.used;
}

Light light_of(const Reading& reading, LightLevels levels) {
    if (reading.overdue) return Light::red;
    return reading.remaining <= levels.yellow_at_remaining ? Light::yellow : Light::green;
}

}  // namespace

Result<Reading> read_clock(Budget budget, std::span<const Entry> ledger, const Calendar& calendar, std::int64_t now_ms,
                           LightLevels levels) {
    if (budget.amount < 1 || budget.amount > kBudgetMax) {
        return error(Errc::invalid_input, "clock.budget_out_of_range",
                     "时限长度应在1到3660之间,请核对事项的时限设置。");
    }
    KAIGONG_TRY(intervals, intervals_of(ledger, now_ms));
    const std::int64_t through_ms = intervals.stopped_at_ms.value_or(now_ms);
    const std::int64_t as_of_ms = intervals.is_paused() ? intervals.pauses.back().from_ms : through_ms;
    const Due due = due_of(budget, intervals, calendar);
    Reading reading;
    reading.due_on = due.on;
    reading.due_at_ms = due.at_ms;
    reading.provisional = due.provisional;
    reading.paused = intervals.is_paused();
    reading.stopped = intervals.stopped_at_ms.has_value();
    read_usage(reading, budget, intervals, calendar, as_of_ms);
    reading.overdue = !reading.provisional && due.at_ms && as_of_ms >= *due.at_ms;
    reading.light = light_of(reading, levels);
    reading.segments = segments_of(intervals, calendar, office_date(through_ms));
    return reading;
}

std::string_view to_string(Light light) {
    switch (light) {
        case Light::green: return "green";
        case Light::yellow: return "yellow";
        case Light::red: return "red";
    }
    return "";
}

std::string_view to_string(SegmentKind kind) {
    switch (kind) {
        case SegmentKind::authority: return "authority";
        case SegmentKind::applicant: return "applicant";
        case SegmentKind::special: return "special";
        case SegmentKind::non_working: return "non_working";
    }
    return "";
}

std::string_view to_string(Unit unit) {
    switch (unit) {
        case Unit::working_days: return "working_days";
        case Unit::calendar_days: return "calendar_days";
        case Unit::hours: return "hours";
    }
    return "";
}

std::string_view to_string(Act act) {
    switch (act) {
        case Act::start: return "start";
        case Act::pause: return "pause";
        case Act::resume: return "resume";
        case Act::stop: return "stop";
    }
    return "";
}

}  // namespace kaigong::clock
