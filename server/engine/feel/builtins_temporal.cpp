#include <fmt/format.h>

#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/machine.hpp"
#include "engine/feel/operators.hpp"
#include "engine/feel/working_days.hpp"

namespace kaigong::feel {

namespace {

Value invalid(std::string_view what, std::string_view text) {
    return Value::null("feel.invalid_temporal", fmt::format("“{}”不是{}，请改正。", text, what));
}

Value wrong_parts() {
    return Value::null("feel.invalid_temporal", "年月日或时分秒不在范围内，请改正。");
}

const ZoneSource* zones_of(const Call& call) {
    return call.machine.environment().zones;
}

std::optional<Date> date_of_parts(const Value& year, const Value& month, const Value& day) {
    const auto y = year.as_number().to_int64();
    const auto m = month.as_number().to_int64();
    const auto d = day.as_number().to_int64();
    if (!y || !m || !d || *y < -kYearMax || *y > kYearMax || *m < 1 || *m > 12 || *d < 1 || *d > 31) {
        return std::nullopt;
    }
    const Date date{*y, static_cast<std::uint8_t>(*m), static_cast<std::uint8_t>(*d)};
    return is_valid(date) ? std::optional(date) : std::nullopt;
}

/// Hour, minute, second (with a fraction) and the offset as a duration, or null.
std::optional<Time> time_of_parts(const Value& hour, const Value& minute, const Value& second, const Value& offset) {
    const auto h = hour.as_number().to_int64();
    const auto m = minute.as_number().to_int64();
    const Decimal& s = second.as_number();
    if (!h || !m || *h < 0 || *h > 23 || *m < 0 || *m > 59 || s.is_negative() || !(s < Decimal(60))) {
        return std::nullopt;
    }
    const auto nanos = (s * Decimal(kNanosPerSecond)).truncated_int64();
    Time time{(*h * 3'600 + *m * 60) * kNanosPerSecond + nanos.value_or(0), {}};
    if (offset.is_null()) return time;
    if (!offset.is(Kind::days_time)) return std::nullopt;
    const DaysTime& shift = offset.as_days_time();
    if (shift.nanos != 0 || shift.seconds > kOffsetMaxSeconds || shift.seconds < -kOffsetMaxSeconds) {
        return std::nullopt;
    }
    time.zone = {TimeZone::Kind::offset, static_cast<std::int32_t>(shift.seconds), nullptr};
    return time;
}

const Date& date_part(const Value& value) {
    return value.is(Kind::date) ? value.as_date() : value.as_date_time().date;
}

Value date(const Call& call) {
    if (call.signature == 0) {
        const auto parsed = parse_date(call[0].as_string());
        return parsed ? Value(*parsed) : invalid("日期", call[0].as_string());
    }
    if (call.signature == 1) return Value(date_part(call[0]));
    const auto built = date_of_parts(call[0], call[1], call[2]);
    return built ? Value(*built) : wrong_parts();
}

Value time(const Call& call) {
    switch (call.signature) {
        case 0: {
            auto parsed = parse_time(call[0].as_string(), zones_of(call));
            return parsed ? Value(std::move(*parsed)) : invalid("时间", call[0].as_string());
        }
        case 1: return Value(Time{call[0].as_date_time().nanos_of_day, call[0].as_date_time().zone});
        case 2: return call[0];
        case 3: return Value(Time{0, {TimeZone::Kind::offset, 0, nullptr}});
        default: {
            auto built = time_of_parts(call[0], call[1], call[2], call[3]);
            return built ? Value(std::move(*built)) : wrong_parts();
        }
    }
}

Value date_and_time_of_parts(const Call& call) {
    const auto day = date_of_parts(call[0], call[1], call[2]);
    if (!day) return wrong_parts();
    const bool named_zone = call.signature == 4;
    auto clock = time_of_parts(call[3], call[4], call[5], named_zone ? Value() : call[6]);
    if (!clock) return wrong_parts();
    if (named_zone) {
        const auto zone = zones_of(call) == nullptr ? nullptr : zones_of(call)->find(call[6].as_string());
        if (!zone) return invalid("时区", call[6].as_string());
        clock->zone = {TimeZone::Kind::zone, 0, zone};
    }
    return Value(DateTime{*day, clock->nanos_of_day, clock->zone});
}

Value date_and_time(const Call& call) {
    switch (call.signature) {
        case 0: {
            auto parsed = parse_date_time(call[0].as_string(), zones_of(call));
            return parsed ? Value(std::move(*parsed)) : invalid("日期时间", call[0].as_string());
        }
        case 1: return Value(DateTime{date_part(call[0]), call[1].as_time().nanos_of_day, call[1].as_time().zone});
        case 2:
            if (call[0].is(Kind::date_time)) return call[0];
            return Value(DateTime{call[0].as_date(), 0, {TimeZone::Kind::offset, 0, nullptr}});
        default: return date_and_time_of_parts(call);
    }
}

Value duration(const Call& call) {
    const std::string& text = call[0].as_string();
    if (const auto parsed = parse_years_months(text)) return Value(*parsed);
    if (const auto parsed = parse_days_time(text)) return Value(*parsed);
    return invalid("时长", text);
}

/// Whole months from one day to the other, cut towards zero; a time of day plays no part.
Value years_and_months_duration(const Call& call) {
    const Date& from = date_part(call[0]);
    const Date& to = date_part(call[1]);
    std::int64_t months = (to.year - from.year) * 12 + (to.month - from.month);
    if (months > 0 && to.day < from.day) --months;
    if (months < 0 && to.day > from.day) ++months;
    return Value(YearsMonths{months});
}

Value now_value(const Call& call) {
    const auto& environment = call.machine.environment();
    if (!environment.now_at_ms) return Value::null("feel.no_clock", "这里不提供当前时间，请把日期作为输入传入。");
    const std::int64_t ms = *environment.now_at_ms;
    const std::int64_t rest = ((ms % 1'000) + 1'000) % 1'000;
    const DaysTime instant{(ms - rest) / 1'000, static_cast<std::int32_t>(rest * 1'000'000)};
    auto value = date_time_of(instant, {TimeZone::Kind::offset, environment.now_offset_seconds, nullptr});
    return value ? Value(std::move(*value)) : wrong_parts();
}

Value now(const Call& call) {
    return now_value(call);
}

Value today(const Call& call) {
    const Value value = now_value(call);
    return value.is_null() ? value : Value(value.as_date_time().date);
}

Value day_of_year_value(const Call& call) {
    return Value(day_of_year(date_part(call[0])));
}
Value week_of_year_value(const Call& call) {
    return Value(week_of_year(date_part(call[0])));
}

Value day_of_week(const Call& call) {
    static constexpr std::array<std::string_view, 7> kDays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                           "Friday", "Saturday", "Sunday"};
    return Value(kDays[static_cast<std::size_t>(weekday_of(date_part(call[0])) - 1)]);
}

Value month_of_year(const Call& call) {
    static constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                              "May",       "June",     "July",     "August",
                                                              "September", "October",  "November", "December"};
    return Value(kMonths[static_cast<std::size_t>(date_part(call[0]).month - 1)]);
}

Value no_calendar() {
    return Value::null("feel.no_calendar", "这里不提供工作日历，请把日期作为输入传入。");
}

bool is_of_calendar(const Date& date) {
    return date.year >= kCalendarYearMin && date.year <= kCalendarYearMax;
}

Value beyond_calendar() {
    return Value::null("feel.beyond_calendar", "日期或工作日数超出日历的范围，请改正。");
}

/// A time of day stays as it is: the same hour on that day.
Value add_working_days(const Call& call) {
    const WorkingDays* calendar = call.machine.environment().working_days;
    if (calendar == nullptr) return no_calendar();
    const auto n = call[1].as_number().to_int64();
    const Date& start = date_part(call[0]);
    if (!n || *n < -kWorkingDaysMax || *n > kWorkingDaysMax || !is_of_calendar(start)) return beyond_calendar();
    const Date day = calendar->add(start, static_cast<int>(*n));
    if (call[0].is(Kind::date)) return Value(day);
    DateTime moment = call[0].as_date_time();
    moment.date = day;
    return Value(std::move(moment));
}

Value working_days_between(const Call& call) {
    const WorkingDays* calendar = call.machine.environment().working_days;
    if (calendar == nullptr) return no_calendar();
    const Date& from = date_part(call[0]);
    const Date& through = date_part(call[1]);
    if (!is_of_calendar(from) || !is_of_calendar(through)) return beyond_calendar();
    return Value(static_cast<std::int64_t>(calendar->between(from, through)));
}

constexpr std::array kTemporalTable{
    Definition{"date", "from s | from e | year n, month n, day n", date},
    Definition{"time", "from s | from D | from m | from t | hour n, minute n, second n, offset d?", time},
    Definition{"date and time",
               "from s | date e, time m | from e | year n, month n, day n, hour n, minute n, second n, offset d? | "
               "year n, month n, day n, hour n, minute n, second n, timezone s",
               date_and_time},
    Definition{"duration", "from s", duration},
    Definition{"years and months duration", "from e, to e", years_and_months_duration},
    Definition{"now", "", now},
    Definition{"today", "", today},
    Definition{"day of year", "date e", day_of_year_value},
    Definition{"day of week", "date e", day_of_week},
    Definition{"month of year", "date e", month_of_year},
    Definition{"week of year", "date e", week_of_year_value},
    Definition{"add working days", "date e, days n", add_working_days},
    Definition{"working days between", "from e, through e", working_days_between},
};

}  // namespace

std::span<const Definition> temporal_builtins() {
    return kTemporalTable;
}

}  // namespace kaigong::feel
