// Allen's relations between points and ranges (DMN 1.5 table 78).
#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/compare.hpp"
#include "engine/feel/machine.hpp"

namespace kaigong::feel {

namespace {

/// One end of a range. A one-sided range (`< 5`) has an end at infinity, which lies before or after every value.
struct End {
    Value value;
    bool included = true;
    int infinity = 0;  // -1 before everything, 1 after everything
};

struct Span {
    End start;
    End end;
};

/// A point is the closed range from itself to itself.
std::optional<Span> span_of(const Value& value) {
    if (!value.is(Kind::range)) return Span{{value, true}, {value, true}};
    const Range& range = value.as_range();
    if (range.form == Range::Form::not_equal) return std::nullopt;
    const bool one_sided = range.form != Range::Form::interval;
    if (!one_sided && (range.start.is_null() || range.end.is_null())) return std::nullopt;
    return Span{{range.start, range.start_included, range.start.is_null() ? -1 : 0},
                {range.end, range.end_included, range.end.is_null() ? 1 : 0}};
}

std::optional<int> order_ends(const End& left, const End& right) {
    if (left.infinity != 0 || right.infinity != 0) return left.infinity - right.infinity;
    return order(left.value, right.value);
}

/// The order of the two starts, ends and both crosswise; nothing when the values have no order.
struct Orders {
    int starts;
    int ends;
    int end_to_start;  // first's end to second's start
    int start_to_end;
};

std::optional<Orders> orders_of(const Span& first, const Span& second) {
    const auto starts = order_ends(first.start, second.start);
    const auto ends = order_ends(first.end, second.end);
    const auto end_to_start = order_ends(first.end, second.start);
    const auto start_to_end = order_ends(first.start, second.end);
    if (!starts || !ends || !end_to_start || !start_to_end) return std::nullopt;
    return Orders{*starts, *ends, *end_to_start, *start_to_end};
}

bool lies_before(const Span& first, const Span& second, const Orders& is) {
    return is.end_to_start < 0 || (is.end_to_start == 0 && !(first.end.included && second.start.included));
}

bool lies_after(const Span& first, const Span& second, const Orders& is) {
    return is.start_to_end > 0 || (is.start_to_end == 0 && !(first.start.included && second.end.included));
}

bool meets_at_end(const Span& first, const Span& second, const Orders& is) {
    return first.end.included && second.start.included && is.end_to_start == 0;
}

bool met_at_start(const Span& first, const Span& second, const Orders& is) {
    return first.start.included && second.end.included && is.start_to_end == 0;
}

bool overlap(const Span& first, const Span& second, const Orders& is) {
    return !lies_before(first, second, is) && !lies_after(first, second, is);
}

bool overlaps_at_front(const Span& first, const Span& second, const Orders& is) {
    const bool starts_earlier = is.starts < 0 || (is.starts == 0 && first.start.included && !second.start.included);
    const bool reaches_in =
        is.end_to_start > 0 || (is.end_to_start == 0 && first.end.included && second.start.included);
    const bool ends_within = is.ends < 0 || (is.ends == 0 && (!first.end.included || second.end.included));
    return starts_earlier && reaches_in && ends_within;
}

bool overlaps_at_back(const Span& first, const Span& second, const Orders& is) {
    const bool starts_later = is.starts > 0 || (is.starts == 0 && second.start.included && !first.start.included);
    const bool begins_within =
        is.start_to_end < 0 || (is.start_to_end == 0 && second.end.included && first.start.included);
    const bool ends_later = is.ends > 0 || (is.ends == 0 && (!second.end.included || first.end.included));
    return starts_later && begins_within && ends_later;
}

bool finishes_other(const Span& first, const Span& second, const Orders& is) {
    return is.ends == 0 && first.end.included == second.end.included &&
           (is.starts > 0 || (is.starts == 0 && (!first.start.included || second.start.included)));
}

bool starts_other(const Span& first, const Span& second, const Orders& is) {
    return is.starts == 0 && first.start.included == second.start.included &&
           (is.ends < 0 || (is.ends == 0 && (!first.end.included || second.end.included)));
}

bool holds_other(const Span& first, const Span& second, const Orders& is) {
    const bool from_start = is.starts < 0 || (is.starts == 0 && (first.start.included || !second.start.included));
    const bool to_end = is.ends > 0 || (is.ends == 0 && (first.end.included || !second.end.included));
    return from_start && to_end;
}

bool same_span(const Span& first, const Span& second, const Orders& is) {
    return is.starts == 0 && is.ends == 0 && first.start.included == second.start.included &&
           first.end.included == second.end.included;
}

using Relation = bool (*)(const Span& first, const Span& second, const Orders& is);

Value relate(const Value& first, const Value& second, Relation relation) {
    const auto one = span_of(first);
    const auto other = span_of(second);
    const auto orders = one && other ? orders_of(*one, *other) : std::nullopt;
    if (!orders) return Value::null("feel.not_comparable", "两个区间的端点不能互相比较大小，请检查类型和空值。");
    return Value(relation(*one, *other, *orders));
}

template <Relation relation>
Value forward(const Call& call) {
    return relate(call[0], call[1], relation);
}

/// The inverse relation: `during` is `includes` with the arguments turned round.
template <Relation relation>
Value turned(const Call& call) {
    return relate(call[1], call[0], relation);
}

constexpr std::string_view kPointsAndRanges =
    "point1 p, point2 p | point p, range p | range p, point p | range1 p, range2 p";
constexpr std::string_view kRanges = "range1 r, range2 r";
constexpr std::string_view kPointFirst = "point p, range r | range1 r, range2 r";
constexpr std::string_view kRangeFirst = "range r, point p | range1 r, range2 r";

constexpr std::array kRangeTable{
    Definition{"before", kPointsAndRanges, forward<lies_before>},
    Definition{"after", kPointsAndRanges, forward<lies_after>},
    Definition{"meets", kRanges, forward<meets_at_end>},
    Definition{"met by", kRanges, forward<met_at_start>},
    Definition{"overlaps", kRanges, forward<overlap>},
    Definition{"overlaps before", kRanges, forward<overlaps_at_front>},
    Definition{"overlaps after", kRanges, forward<overlaps_at_back>},
    Definition{"finishes", kPointFirst, forward<finishes_other>},
    Definition{"finished by", kRangeFirst, turned<finishes_other>},
    Definition{"includes", kRangeFirst, forward<holds_other>},
    Definition{"during", kPointFirst, turned<holds_other>},
    Definition{"starts", kPointFirst, forward<starts_other>},
    Definition{"started by", kRangeFirst, turned<starts_other>},
    Definition{"coincides", "point1 p, point2 p | range1 r, range2 r", forward<same_span>},
};

}  // namespace

std::span<const Definition> range_builtins() {
    return kRangeTable;
}

}  // namespace kaigong::feel
