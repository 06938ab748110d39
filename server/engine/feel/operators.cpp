#include "engine/feel/operators.hpp"

#include <fmt/format.h>

#include <array>

#include "engine/feel/compare.hpp"

namespace kaigong::feel {

namespace {

enum class Verb : std::uint8_t { add, subtract, multiply, divide, power, conjoin, disjoin };
constexpr std::array<std::string_view, 7> kVerbs{"相加", "相减",         "相乘",        "相除",
                                                 "乘方", "作“并且”判断", "作“或者”判断"};

/// Nulls are common in three-valued logic: each verb has one for each pair of kinds, made once.
const Value& wrong_kinds(Kind left, Verb verb, Kind right) {
    static const auto kNulls = [] {
        std::vector<Value> nulls;
        nulls.reserve(kVerbs.size() * kKinds * kKinds);
        for (const std::string_view word : kVerbs) {
            for (std::size_t pair = 0; pair < kKinds * kKinds; ++pair) {
                nulls.push_back(
                    Value::null("feel.wrong_operands",
                                fmt::format("{}与{}不能{}，请检查两边的内容是否填写、类型是否相同。",
                                            name_of(Kind(pair / kKinds)), name_of(Kind(pair % kKinds)), word)));
            }
        }
        return nulls;
    }();
    const auto number = [](auto value) { return static_cast<std::size_t>(value); };
    return kNulls[(number(verb) * kKinds + number(left)) * kKinds + number(right)];
}

Value wrong_operands(const Value& left, Verb verb, const Value& right) {
    for (const Value* side : {&left, &right}) {
        if (side->has_reason()) return *side;
    }
    return wrong_kinds(left.kind(), verb, right.kind());
}

Value date_out_of_range() {
    return Value::null("feel.date_out_of_range", "日期超出范围，请检查年份和时长。");
}

Value duration_out_of_range() {
    return Value::null("feel.duration_out_of_range", "时长超出范围，请检查数值。");
}

Value checked(std::int64_t months) {
    if (months > kDurationMonthsMax || months < -kDurationMonthsMax) return duration_out_of_range();
    return Value(YearsMonths{months});
}

Value checked(const std::optional<DaysTime>& duration) {
    return duration ? Value(*duration) : duration_out_of_range();
}

Value shifted(const Date& date, const DaysTime& by) {
    const DateTime midnight{date, 0, {}};
    const auto moved = add(midnight, by);
    return moved ? Value(moved->date) : date_out_of_range();
}

Value shifted(const Date& date, std::int64_t months) {
    const auto moved = add_months(date, months);
    return moved ? Value(*moved) : date_out_of_range();
}

Value shifted(const DateTime& value, const DaysTime& by) {
    auto moved = add(value, by);
    return moved ? Value(std::move(*moved)) : date_out_of_range();
}

Value shifted(const DateTime& value, std::int64_t months) {
    const auto moved = add_months(value.date, months);
    if (!moved) return date_out_of_range();
    return Value(DateTime{*moved, value.nanos_of_day, value.zone});
}

Value shifted(const Time& value, const DaysTime& by) {
    const std::int64_t seconds = by.seconds % kSecondsPerDay;
    constexpr std::int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;
    const std::int64_t nanos = (value.nanos_of_day + seconds * kNanosPerSecond + by.nanos) % kNanosPerDay;
    return Value(Time{nanos < 0 ? nanos + kNanosPerDay : nanos, value.zone});
}

Value shifted(const Value& temporal, const Value& duration, bool backwards) {
    if (duration.is(Kind::years_months)) {
        const std::int64_t months = duration.as_years_months().months * (backwards ? -1 : 1);
        if (temporal.is(Kind::date)) return shifted(temporal.as_date(), months);
        if (temporal.is(Kind::date_time)) return shifted(temporal.as_date_time(), months);
    } else if (duration.is(Kind::days_time)) {
        const DaysTime by = backwards ? negate(duration.as_days_time()) : duration.as_days_time();
        if (temporal.is(Kind::date)) return shifted(temporal.as_date(), by);
        if (temporal.is(Kind::date_time)) return shifted(temporal.as_date_time(), by);
        if (temporal.is(Kind::time)) return shifted(temporal.as_time(), by);
    }
    return wrong_operands(temporal, backwards ? Verb::subtract : Verb::add, duration);
}

std::optional<DateTime> as_date_time(const Value& value) {
    if (value.is(Kind::date_time)) return value.as_date_time();
    if (value.is(Kind::date)) return DateTime{value.as_date(), 0, {TimeZone::Kind::offset, 0, nullptr}};
    return std::nullopt;
}

Value difference(const Value& left, const Value& right) {
    const auto later = as_date_time(left);
    const auto earlier = as_date_time(right);
    if (!later || !earlier) return wrong_operands(left, Verb::subtract, right);
    if ((later->zone.kind == TimeZone::Kind::local) != (earlier->zone.kind == TimeZone::Kind::local)) {
        return Value::null("feel.wrong_operands", "一边有时区一边没有，不能相减，请都写上时区或都不写。");
    }
    return checked(add(instant_of(*later), negate(instant_of(*earlier))));
}

Value difference(const Time& later, const Time& earlier) {
    if ((later.zone.kind == TimeZone::Kind::local) != (earlier.zone.kind == TimeZone::Kind::local)) {
        return Value::null("feel.wrong_operands", "一边有时区一边没有，不能相减，请都写上时区或都不写。");
    }
    const std::int64_t offsets = offset_of(later).value_or(0) - offset_of(earlier).value_or(0);
    const std::int64_t nanos = later.nanos_of_day - earlier.nanos_of_day - offsets * kNanosPerSecond;
    std::int64_t seconds = nanos / kNanosPerSecond;
    std::int64_t rest = nanos % kNanosPerSecond;
    if (rest < 0) {
        rest += kNanosPerSecond;
        --seconds;
    }
    return Value(DaysTime{seconds, static_cast<std::int32_t>(rest)});
}

Value months_of(const Decimal& months) {
    const auto whole = months.truncated_int64();
    return whole ? checked(*whole) : duration_out_of_range();
}

bool is_temporal(const Value& value) {
    return value.is(Kind::date) || value.is(Kind::time) || value.is(Kind::date_time);
}

}  // namespace

Decimal seconds_of(const DaysTime& duration) {
    return Decimal(duration.seconds) + Decimal(std::int64_t{duration.nanos}) / Decimal(kNanosPerSecond);
}

Value days_time_of(const Decimal& seconds) {
    const Decimal whole = seconds.floor();
    const auto count = whole.to_int64();
    if (!count || *count > kDurationSecondsMax || *count < -kDurationSecondsMax) return duration_out_of_range();
    const auto nanos = ((seconds - whole) * Decimal(kNanosPerSecond)).truncated_int64();
    return Value(DaysTime{*count, static_cast<std::int32_t>(nanos.value_or(0))});
}

Value add(const Value& left, const Value& right) {
    if (left.is(Kind::number) && right.is(Kind::number)) return Value(left.as_number() + right.as_number());
    if (left.is(Kind::string) && right.is(Kind::string)) return Value(left.as_string() + right.as_string());
    if (left.is(Kind::years_months) && right.is(Kind::years_months)) {
        return checked(left.as_years_months().months + right.as_years_months().months);
    }
    if (left.is(Kind::days_time) && right.is(Kind::days_time)) {
        return checked(add(left.as_days_time(), right.as_days_time()));
    }
    if (is_temporal(left) && right.is_duration()) return shifted(left, right, false);
    if (left.is_duration() && is_temporal(right)) return shifted(right, left, false);
    return wrong_operands(left, Verb::add, right);
}

Value subtract(const Value& left, const Value& right) {
    if (left.is(Kind::number) && right.is(Kind::number)) return Value(left.as_number() - right.as_number());
    if (left.is(Kind::years_months) && right.is(Kind::years_months)) {
        return checked(left.as_years_months().months - right.as_years_months().months);
    }
    if (left.is(Kind::days_time) && right.is(Kind::days_time)) {
        return checked(add(left.as_days_time(), negate(right.as_days_time())));
    }
    if (left.is(Kind::time) && right.is(Kind::time)) return difference(left.as_time(), right.as_time());
    if (is_temporal(left) && right.is_duration()) return shifted(left, right, true);
    if (is_temporal(left) && is_temporal(right)) return difference(left, right);
    return wrong_operands(left, Verb::subtract, right);
}

Value multiply(const Value& left, const Value& right) {
    if (left.is(Kind::number) && right.is(Kind::number)) return Value(left.as_number() * right.as_number());
    if (left.is(Kind::number) && right.is_duration()) return multiply(right, left);
    if (!right.is(Kind::number)) return wrong_operands(left, Verb::multiply, right);
    if (left.is(Kind::years_months)) {
        return months_of(Decimal(left.as_years_months().months) * right.as_number());
    }
    if (left.is(Kind::days_time)) return days_time_of(seconds_of(left.as_days_time()) * right.as_number());
    return wrong_operands(left, Verb::multiply, right);
}

Value divide(const Value& left, const Value& right) {
    const auto by_zero = [] { return Value::null("feel.division_by_zero", "除数是 0，不能相除，请检查除数。"); };
    if (left.is(Kind::years_months) && right.is(Kind::years_months)) {
        if (right.as_years_months().months == 0) return by_zero();
        return Value(Decimal(left.as_years_months().months) / Decimal(right.as_years_months().months));
    }
    if (left.is(Kind::days_time) && right.is(Kind::days_time)) {
        const Decimal divisor = seconds_of(right.as_days_time());
        if (divisor.is_zero()) return by_zero();
        return Value(seconds_of(left.as_days_time()) / divisor);
    }
    if (!right.is(Kind::number)) return wrong_operands(left, Verb::divide, right);
    if (right.as_number().is_zero()) return by_zero();
    if (left.is(Kind::number)) return Value(left.as_number() / right.as_number());
    if (left.is(Kind::years_months)) {
        return months_of(Decimal(left.as_years_months().months) / right.as_number());
    }
    if (left.is(Kind::days_time)) return days_time_of(seconds_of(left.as_days_time()) / right.as_number());
    return wrong_operands(left, Verb::divide, right);
}

Value power(const Value& left, const Value& right) {
    if (left.is(Kind::number) && right.is(Kind::number)) {
        return Value(Decimal::power(left.as_number(), right.as_number()));
    }
    return wrong_operands(left, Verb::power, right);
}

Value negate(const Value& operand) {
    if (operand.is(Kind::number)) return Value(-operand.as_number());
    if (operand.is(Kind::years_months)) return Value(YearsMonths{-operand.as_years_months().months});
    if (operand.is(Kind::days_time)) return Value(negate(operand.as_days_time()));
    if (operand.is_null() && !operand.null_reason().empty()) return operand;
    return Value::null("feel.wrong_operands", fmt::format("{}不能取负，请改用数字或时长。", name_of(operand.kind())));
}

Value logical_and(const Value& left, const Value& right) {
    if (left.is_false() || right.is_false()) return Value(false);
    if (left.is_true() && right.is_true()) return Value(true);
    return wrong_operands(left.is_true() ? Value() : left, Verb::conjoin, right.is_true() ? Value() : right);
}

Value logical_or(const Value& left, const Value& right) {
    if (left.is_true() || right.is_true()) return Value(true);
    if (left.is_false() && right.is_false()) return Value(false);
    return wrong_operands(left.is_false() ? Value() : left, Verb::disjoin, right.is_false() ? Value() : right);
}

Value logical_not(const Value& operand) {
    if (operand.is(Kind::boolean)) return Value(!operand.as_bool());
    if (operand.is_null()) return operand;
    return Value::null("feel.wrong_operands", fmt::format("{}不能作“非”判断，请改用是否。", name_of(operand.kind())));
}

}  // namespace kaigong::feel
