// When two FEEL values are equal, ordered, or one within the other (DMN 1.5 tables 53 and 54).
#pragma once

#include <optional>

#include "engine/feel/value.hpp"

namespace kaigong::feel {

/// True or false; null (`feel.not_comparable`) for values of different kinds. Null equals only null.
Value equals(const Value& left, const Value& right);
/// As `equals`, where "not comparable" counts as different.
bool is_same(const Value& left, const Value& right);
/// `is()`: the same value in the same form: 00:00Z is not 01:00+01:00.
bool is_identical(const Value& left, const Value& right);
/// Negative, zero or positive; nothing when the two have no order (other kinds, booleans, lists, local with zoned).
std::optional<int> order(const Value& left, const Value& right);
/// `order(left, right) < 0` and its sisters as FEEL's true, false or null.
enum class Comparison { less, less_or_equal, greater, greater_or_equal };
Value compare(const Value& left, Comparison comparison, const Value& right);
/// Whether the range holds the value: true, false, or null when an end or the value has no order with the other.
Value range_contains(const Range& range, const Value& value);
/// The `in` operator with a value on the right: a list holds it (or a range in the list does), a range holds it, or it
/// is equal.
Value is_in(const Value& value, const Value& where);

}  // namespace kaigong::feel
