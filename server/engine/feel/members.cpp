// What stands behind the dot: entries of contexts, parts of dates, times and durations, ends of ranges.
#include <fmt/format.h>

#include "engine/feel/operators.hpp"

namespace kaigong::feel {

namespace {

Value number(std::int64_t value) {
    return Value(Decimal(value));
}

std::optional<Value> date_member(const Date& date, std::string_view name) {
    if (name == "year") return number(date.year);
    if (name == "month") return number(date.month);
    if (name == "day") return number(date.day);
    if (name == "weekday") return number(weekday_of(date));
    return std::nullopt;
}

Value offset_value(std::optional<std::int32_t> offset) {
    if (offset) return Value(DaysTime{*offset, 0});
    return Value::null("feel.no_time_zone", "这个时间没有写时区。");
}

std::optional<Value> clock_member(std::int64_t nanos_of_day, const TimeZone& zone, std::optional<std::int32_t> offset,
                                  std::string_view name) {
    const std::int64_t seconds = nanos_of_day / kNanosPerSecond;
    if (name == "hour") return number(seconds / 3'600);
    if (name == "minute") return number(seconds / 60 % 60);
    if (name == "second") return number(seconds % 60);
    if (name == "time offset") return offset_value(offset);
    if (name != "timezone") return std::nullopt;
    if (zone.kind == TimeZone::Kind::zone) return Value(zone.zone->name());
    return Value::null("feel.no_time_zone", "这个时间没有写时区名称。");
}

std::optional<Value> date_time_member(const DateTime& value, std::string_view name) {
    if (auto part = date_member(value.date, name)) return part;
    return clock_member(value.nanos_of_day, value.zone, offset_of(value), name);
}

std::optional<Value> duration_member(const DaysTime& value, std::string_view name) {
    // Parts carry the sign of the whole: -PT90M has -1 hours and -30 minutes.
    const bool negative = value.seconds < 0;
    const DaysTime size = negative ? negate(value) : value;
    const std::int64_t sign = negative ? -1 : 1;
    if (name == "days") return number(sign * (size.seconds / kSecondsPerDay));
    if (name == "hours") return number(sign * (size.seconds / 3'600 % 24));
    if (name == "minutes") return number(sign * (size.seconds / 60 % 60));
    if (name != "seconds") return std::nullopt;
    const Decimal seconds = seconds_of({size.seconds % 60, size.nanos});
    return Value(negative ? -seconds : seconds);
}

std::optional<Value> range_member(const Range& range, std::string_view name) {
    if (name == "start") return range.start;
    if (name == "end") return range.end;
    if (name == "start included") return Value(range.start_included);
    if (name == "end included") return Value(range.end_included);
    return std::nullopt;
}

std::optional<Value> member_of(const Value& object, std::string_view name) {
    switch (object.kind()) {
        case Kind::context: {
            const Value* value = object.as_context().find(name);
            return value == nullptr ? std::nullopt : std::optional<Value>(*value);
        }
        case Kind::date: return date_member(object.as_date(), name);
        case Kind::time: {
            const Time& time = object.as_time();
            return clock_member(time.nanos_of_day, time.zone, offset_of(time), name);
        }
        case Kind::date_time: return date_time_member(object.as_date_time(), name);
        case Kind::years_months:
            if (name == "years") return number(object.as_years_months().months / 12);
            if (name == "months") return number(object.as_years_months().months % 12);
            return std::nullopt;
        case Kind::days_time: return duration_member(object.as_days_time(), name);
        case Kind::range: return range_member(object.as_range(), name);
        default: return std::nullopt;
    }
}

}  // namespace

Value no_such_member(Kind object, std::string_view name) {
    return Value::null("feel.unknown_member", fmt::format("{}里没有“{}”。", name_of(object), name));
}

Value no_member_of_null(std::string_view name) {
    return Value::null("feel.member_of_null", fmt::format("取不到“{}”，因为它所属的内容没有填写。", name));
}

Value member(const Value& object, std::string_view name) {
    if (object.is(Kind::list)) {
        List members;
        members.reserve(object.as_list().size());
        for (const Value& item : object.as_list()) members.push_back(member(item, name));
        return Value(std::move(members));
    }
    if (auto found = member_of(object, name)) return std::move(*found);
    if (object.is_null()) {
        if (!object.null_reason().empty()) return object;
        return no_member_of_null(name);
    }
    return no_such_member(object.kind(), name);
}

}  // namespace kaigong::feel
