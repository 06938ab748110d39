#include "engine/feel/compare.hpp"

#include <fmt/format.h>

#include <array>

namespace kaigong::feel {

namespace {

/// Nulls are common in three-valued logic: each pair of kinds has its own, made once.
Value not_comparable(const Value& left, const Value& right) {
    static const auto kNulls = [] {
        std::array<std::array<Value, kKinds>, kKinds> nulls;
        for (std::size_t one = 0; one < kKinds; ++one) {
            for (std::size_t other = 0; other < kKinds; ++other) {
                nulls[one][other] = Value::null(
                    "feel.not_comparable",
                    fmt::format("{}与{}不能比较，请先换成同一类。", name_of(Kind(one)), name_of(Kind(other))));
            }
        }
        return nulls;
    }();
    return kNulls[static_cast<std::size_t>(left.kind())][static_cast<std::size_t>(right.kind())];
}

template <class Item>
int sign_of(const Item& left, const Item& right) {
    return left < right ? -1 : (right < left ? 1 : 0);
}

/// Nanoseconds of the day in UTC; a time of day wraps nowhere, so 00:30+01:00 lies before 00:00Z.
std::int64_t utc_nanos(const Time& time) {
    return time.nanos_of_day - offset_of(time).value_or(0) * kNanosPerSecond;
}

bool both_local_or_zoned(const TimeZone& left, const TimeZone& right) {
    return (left.kind == TimeZone::Kind::local) == (right.kind == TimeZone::Kind::local);
}

// Equality of times looks at whole seconds, as the conformance suite reads the standard's value function; their order
// looks at the fraction too.
bool equal_times(const Time& left, const Time& right) {
    return both_local_or_zoned(left.zone, right.zone) &&
           utc_nanos(left) / kNanosPerSecond == utc_nanos(right) / kNanosPerSecond;
}

bool equal_date_times(const DateTime& left, const DateTime& right) {
    return both_local_or_zoned(left.zone, right.zone) && instant_of(left).seconds == instant_of(right).seconds;
}

Value equal_lists(const List& left, const List& right) {
    if (left.size() != right.size()) return Value(false);
    for (std::size_t at = 0; at < left.size(); ++at) {
        if (!is_same(left[at], right[at])) return Value(false);
    }
    return Value(true);
}

Value equal_contexts(const Context& left, const Context& right) {
    if (left.size() != right.size()) return Value(false);
    for (const auto& [key, value] : left) {
        const Value* other = right.get(key);
        if (other == nullptr || !is_same(value, *other)) return Value(false);
    }
    return Value(true);
}

bool equal_ranges(const Range& left, const Range& right) {
    return left.form == right.form && left.start_included == right.start_included &&
           left.end_included == right.end_included && is_same(left.start, right.start) && is_same(left.end, right.end);
}

std::optional<int> order_times(const Time& left, const Time& right) {
    if (!both_local_or_zoned(left.zone, right.zone)) return std::nullopt;
    return sign_of(utc_nanos(left), utc_nanos(right));
}

std::optional<int> order_date_times(const DateTime& left, const DateTime& right) {
    if (!both_local_or_zoned(left.zone, right.zone)) return std::nullopt;
    return sign_of(instant_of(left), instant_of(right));
}

}  // namespace

Value equals(const Value& left, const Value& right) {
    if (left.is_null() || right.is_null()) return Value(left.is_null() && right.is_null());
    if (left.kind() != right.kind()) return not_comparable(left, right);
    switch (left.kind()) {
        case Kind::boolean: return Value(left.as_bool() == right.as_bool());
        case Kind::number: return Value(left.as_number() == right.as_number());
        case Kind::string: return Value(left.as_string() == right.as_string());
        case Kind::date: return Value(left.as_date() == right.as_date());
        case Kind::time: return Value(equal_times(left.as_time(), right.as_time()));
        case Kind::date_time: return Value(equal_date_times(left.as_date_time(), right.as_date_time()));
        case Kind::years_months: return Value(left.as_years_months() == right.as_years_months());
        case Kind::days_time: return Value(left.as_days_time() == right.as_days_time());
        case Kind::list: return equal_lists(left.as_list(), right.as_list());
        case Kind::context: return equal_contexts(left.as_context(), right.as_context());
        case Kind::range: return Value(equal_ranges(left.as_range(), right.as_range()));
        case Kind::function: return Value(left.as_function() == right.as_function());
        case Kind::null: break;
    }
    return not_comparable(left, right);
}

bool is_same(const Value& left, const Value& right) {
    return equals(left, right).is_true();
}

bool is_identical(const Value& left, const Value& right) {
    if (left.kind() != right.kind()) return false;
    if (left.is(Kind::time)) {
        return left.as_time().nanos_of_day == right.as_time().nanos_of_day &&
               same_zone(left.as_time().zone, right.as_time().zone);
    }
    if (left.is(Kind::date_time)) {
        const DateTime& one = left.as_date_time();
        const DateTime& other = right.as_date_time();
        return one.date == other.date && one.nanos_of_day == other.nanos_of_day && same_zone(one.zone, other.zone);
    }
    return is_same(left, right);
}

std::optional<int> order(const Value& left, const Value& right) {
    if (left.kind() != right.kind()) return std::nullopt;
    switch (left.kind()) {
        case Kind::number: return sign_of(left.as_number(), right.as_number());
        case Kind::string: return left.as_string().compare(right.as_string());
        case Kind::date: return sign_of(left.as_date(), right.as_date());
        case Kind::time: return order_times(left.as_time(), right.as_time());
        case Kind::date_time: return order_date_times(left.as_date_time(), right.as_date_time());
        case Kind::years_months: return sign_of(left.as_years_months(), right.as_years_months());
        case Kind::days_time: return sign_of(left.as_days_time(), right.as_days_time());
        default: return std::nullopt;
    }
}

Value compare(const Value& left, Comparison comparison, const Value& right) {
    const auto sign = order(left, right);
    if (!sign) return not_comparable(left, right);
    switch (comparison) {
        case Comparison::less: return Value(*sign < 0);
        case Comparison::less_or_equal: return Value(*sign <= 0);
        case Comparison::greater: return Value(*sign > 0);
        case Comparison::greater_or_equal: return Value(*sign >= 0);
    }
    return not_comparable(left, right);
}

Value range_contains(const Range& range, const Value& value) {
    switch (range.form) {
        case Range::Form::equal: return equals(value, range.start);
        case Range::Form::not_equal: {
            const Value same = equals(value, range.start);
            return same.is_null() ? same : Value(!same.as_bool());
        }
        case Range::Form::less: return compare(value, Comparison::less, range.end);
        case Range::Form::less_or_equal: return compare(value, Comparison::less_or_equal, range.end);
        case Range::Form::greater: return compare(value, Comparison::greater, range.start);
        case Range::Form::greater_or_equal: return compare(value, Comparison::greater_or_equal, range.start);
        case Range::Form::interval: break;
    }
    Value above =
        compare(value, range.start_included ? Comparison::greater_or_equal : Comparison::greater, range.start);
    if (above.is_null()) return above;
    Value below = compare(value, range.end_included ? Comparison::less_or_equal : Comparison::less, range.end);
    if (below.is_null()) return below;
    return Value(above.as_bool() && below.as_bool());
}

Value is_in(const Value& value, const Value& where) {
    if (where.is(Kind::range) && !value.is(Kind::range)) return range_contains(where.as_range(), value);
    if (!where.is(Kind::list)) return equals(value, where);
    if (value.is(Kind::list) && equals(value, where).is_true()) return Value(true);
    for (const Value& item : where.as_list()) {
        const bool held = item.is(Kind::range) && !value.is(Kind::range)
                              ? range_contains(item.as_range(), value).is_true()
                              : is_same(value, item);
        if (held) return Value(true);
    }
    return Value(false);
}

}  // namespace kaigong::feel
