// Unary tests: what stands in a decision table's cell, and behind `in`.
#include "engine/feel/compare.hpp"
#include "engine/feel/machine.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::feel {

namespace {

Value satisfies_one_sided(Range::Form form, const Value& input, const Value& operand) {
    switch (form) {
        case Range::Form::less: return compare(input, Comparison::less, operand);
        case Range::Form::less_or_equal: return compare(input, Comparison::less_or_equal, operand);
        case Range::Form::greater: return compare(input, Comparison::greater, operand);
        case Range::Form::greater_or_equal: return compare(input, Comparison::greater_or_equal, operand);
        case Range::Form::not_equal: return logical_not(equals(input, operand));
        default: return equals(input, operand);
    }
}

}  // namespace

Value Machine::run_tests(const Node& tests, const Value& input, const Frame& frame) {
    if (tests.op == Op::tests_any) return Value(true);
    const Frame inside{.parent = &frame, .name = &kInputName, .value = &input};
    Value answer(false);
    for (const NodePtr& child : tests.children) {
        Value held = test(*child, input, inside);
        if (held.is_true()) {
            answer = std::move(held);
            break;
        }
        if (held.is_null()) answer = std::move(held);
    }
    return tests.op == Op::tests_not ? logical_not(answer) : answer;
}

Value Machine::test(const Node& node, const Value& input, const Frame& frame) {
    if (node.op == Op::interval) return test_interval(node, input, frame);
    if (node.op == Op::one_sided) return test_one_sided(node, input, frame);
    if (node.op == Op::literal) return is_in(input, node.value);
    Value value = run(node, frame);
    if (value.is(Kind::boolean) && (node.uses_input || (!input.is_null() && !input.is(Kind::boolean)))) return value;
    if (node.uses_input && value.is_null()) return value;
    if (value.is_null() && !value.null_code().empty() && !input.is_null()) return value;
    if (!spend(value.weight() / 4)) return exhausted();
    return is_in(input, value);
}

Value Machine::test_interval(const Node& node, const Value& input, const Frame& frame) {
    Value made_start;
    const Value& start = look(*node.children[0], frame, made_start);
    Value above = compare(input, node.start_included ? Comparison::greater_or_equal : Comparison::greater, start);
    if (above.is_null()) return above;
    Value made_end;
    const Value& end = look(*node.children[1], frame, made_end);
    Value below = compare(input, node.end_included ? Comparison::less_or_equal : Comparison::less, end);
    if (below.is_null()) return below;
    return Value(above.as_bool() && below.as_bool());
}

Value Machine::test_one_sided(const Node& node, const Value& input, const Frame& frame) {
    Value made;
    return satisfies_one_sided(node.form, input, look(*node.children[0], frame, made));
}

Value Machine::in(const Node& node, const Frame& frame) {
    Value made;
    const Value& value = look(*node.children[0], frame, made);
    Value answer(false);
    for (std::size_t at = 1; at < node.children.size(); ++at) {
        Value held = test(*node.children[at], value, frame);
        if (held.is_true()) return held;
        if (held.is_null()) answer = std::move(held);
    }
    return answer;
}

}  // namespace kaigong::feel
