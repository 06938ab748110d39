// for, some and every.
#include "engine/feel/machine.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::feel {

namespace {

Value wrong_domain() {
    return Value::null("feel.wrong_iteration", "循环的范围应是列表，或两端都是整数、都是日期的区间。");
}

/// Most loops of a form run over fewer rows than these: their results grow without moving.
constexpr std::size_t kUsualResults = 8;

/// The whole numbers, or days, between two ends in either direction.
struct Steps {
    std::int64_t from = 0;
    std::int64_t to = 0;
    bool days = false;
};

std::optional<Steps> steps_between(const Value& start, const Value& end) {
    if (start.is(Kind::date) && end.is(Kind::date)) {
        return Steps{days_of(start.as_date()), days_of(end.as_date()), true};
    }
    if (!start.is(Kind::number) || !end.is(Kind::number)) return std::nullopt;
    const auto from = start.as_number().to_int64();
    const auto to = end.as_number().to_int64();
    if (!from || !to) return std::nullopt;
    return Steps{*from, *to, false};
}

/// The steps of a range value: open ends are left out. Unlike `2..1` of a `for`, the range `[2..1]` holds nothing and
/// is no domain.
std::optional<Steps> steps_of(const Range& range) {
    auto steps = steps_between(range.start, range.end);
    if (!steps || range.form != Range::Form::interval) return std::nullopt;
    if (steps->from > steps->to) return std::nullopt;
    if (!range.start_included) ++steps->from;
    if (!range.end_included) --steps->to;
    return steps;
}

}  // namespace

template <class Visit>
bool Machine::each_value(const Node& domain, const Frame& frame, const Visit& visit) {
    std::optional<Steps> steps;
    Value values;
    if (domain.op == Op::iteration_range) {
        steps = steps_between(run(*domain.children[0], frame), run(*domain.children[1], frame));
    } else {
        values = run(domain, frame);
        if (values.is(Kind::range)) steps = steps_of(values.as_range());
    }
    if (steps) {
        const std::int64_t direction = steps->from <= steps->to ? 1 : -1;
        for (std::int64_t at = steps->from;; at += direction) {
            const Value value = steps->days ? Value(date_of_days(at)) : Value(Decimal(at));
            if (!visit(value)) return false;
            if (at == steps->to) return true;
            if (!spend(1)) return false;
        }
    }
    if (domain.op == Op::iteration_range || values.is(Kind::range) || values.is_null()) {
        failed_domain_ = values.is_null() && !values.null_reason().empty() ? values : wrong_domain();
        return false;
    }
    if (!values.is(Kind::list)) return visit(values);
    for (const Value& value : values.as_list()) {
        if (!visit(value) || !spend(1)) return false;
    }
    return true;
}

template <class Body>
bool Machine::each_combination(const Node& node, std::size_t iterator, const Frame& frame, const Body& body) {
    if (iterator == node.keys.size()) return body(frame);
    return each_value(*node.children[iterator], frame, [&](const Value& value) {
        const Frame inside{.parent = &frame, .name = &node.keys[iterator], .value = &value};
        return each_combination(node, iterator + 1, inside, body);
    });
}

Value Machine::iteration(const Node& node, const Frame& frame) {
    List results;
    const Node& body = *node.children.back();
    const bool speaks_of_partial = !node.free_names.empty();
    results.reserve(kUsualResults);
    failed_domain_ = Value();
    bool too_long = false;
    each_combination(node, 0, frame, [&](const Frame& inside) {
        if (speaks_of_partial) {
            if (!spend(results.size())) return false;
            const Value partial{List(results)};
            const Frame with_partial{.parent = &inside, .name = &kPartialName, .value = &partial};
            results.push_back(run(body, with_partial));
        } else {
            results.push_back(run(body, inside));
        }
        too_long = results.size() > environment_.limits.list_items_max;
        return !too_long && !is_exhausted();
    });
    if (is_exhausted()) return exhausted();
    if (failed_domain_.has_reason()) return std::exchange(failed_domain_, Value());
    return list(std::move(results));
}

Value Machine::quantified(const Node& node, const Frame& frame) {
    const bool is_some = node.op == Op::some;
    Value answer(!is_some);
    failed_domain_ = Value();
    each_combination(node, 0, frame, [&](const Frame& inside) {
        const Value held = run(*node.children.back(), inside);
        answer = is_some ? logical_or(answer, held) : logical_and(answer, held);
        return !is_exhausted() && !(is_some ? answer.is_true() : answer.is_false());
    });
    if (is_exhausted()) return exhausted();
    if (failed_domain_.has_reason()) return std::exchange(failed_domain_, Value());
    return answer;
}

}  // namespace kaigong::feel
