// FEEL's arithmetic over numbers, strings, temporals and durations (DMN 1.5 tables 55–58), and the members of
// temporals.
#pragma once

#include <string_view>

#include "engine/feel/value.hpp"

namespace kaigong::feel {

// Each gives null with a reason (`feel.wrong_operands`, `feel.division_by_zero`, `feel.…_out_of_range`) where FEEL
// defines no result.
Value add(const Value& left, const Value& right);
Value subtract(const Value& left, const Value& right);
Value multiply(const Value& left, const Value& right);
Value divide(const Value& left, const Value& right);
Value power(const Value& left, const Value& right);
Value negate(const Value& operand);

/// The three-valued connectives; what is not a boolean counts as null.
Value logical_and(const Value& left, const Value& right);
Value logical_or(const Value& left, const Value& right);
Value logical_not(const Value& operand);

/// `.year` of a date, `.hours` of a duration, `.start` of a range, a context's entry …; of a list the members of all.
Value member(const Value& object, std::string_view name);

/// Why `member` finds nothing: the object has no such member, or is itself null.
Value no_such_member(Kind object, std::string_view name);
Value no_member_of_null(std::string_view name);

/// Seconds with their fraction, and back; nothing is lost within a duration's range.
Decimal seconds_of(const DaysTime& duration);
Value days_time_of(const Decimal& seconds);

}  // namespace kaigong::feel
