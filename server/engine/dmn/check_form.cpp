#include "engine/dmn/check_form.hpp"

#include <algorithm>

#include "engine/feel/machine.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::dmn {

namespace {

using feel::Node;
using feel::NodePtr;
using feel::Op;
using feel::Value;
using Form = feel::Range::Form;
using FormKind = CellForm::Kind;

CellForm opaque() {
    return {};
}

CellForm joined(FormKind kind, std::vector<CellForm> parts) {
    CellForm form;
    form.kind = kind;
    form.parts = std::move(parts);
    // What is not opaque in a negation may still hang on what is.
    if (kind == FormKind::none_of && form.holds_opaque()) return opaque();
    return form;
}

CellForm compared(Form relation, Value value) {
    if (value.is(feel::Kind::list) || value.is(feel::Kind::context) || value.is(feel::Kind::range) ||
        value.is(feel::Kind::function)) {
        return opaque();
    }
    CellForm form;
    form.value = std::move(value);
    form.form = relation;
    form.kind = relation == Form::equal || relation == Form::not_equal ? FormKind::equal : FormKind::order;
    // Nothing is less than null; texts and booleans have no ends that a clerk would write.
    const bool ordered =
        !form.value.is_null() && !form.value.is(feel::Kind::string) && !form.value.is(feel::Kind::boolean);
    if (form.kind == FormKind::order && !ordered) return opaque();
    return relation == Form::not_equal ? joined(FormKind::none_of, {std::move(form)}) : form;
}

bool speaks_of_the_world(const Node& node) {
    if (node.op == Op::name && node.builtin == nullptr) return true;
    if (node.op == Op::name && (node.names.front() == "now" || node.names.front() == "today")) return true;
    if (node.op == Op::at_literal || node.op == Op::function || node.op == Op::external_function) return true;
    return std::ranges::any_of(node.children, [](const NodePtr& child) { return speaks_of_the_world(*child); });
}

/// The value of an expression that names nothing; nothing when it does, or comes to an error.
std::optional<Value> constant_of(const Node& node) {
    if (node.op == Op::literal) return node.value;
    if (speaks_of_the_world(node)) return std::nullopt;
    static constexpr std::size_t kStepsMax = 1'000;
    feel::Environment environment;
    environment.limits.evaluation_steps_max = kStepsMax;
    feel::Machine machine(environment);
    Value value = machine.run(node, {});
    if (value.is_null()) return std::nullopt;
    return value;
}

bool is_input(const Node& node) {
    return node.op == Op::name && node.names.front() == "?";
}

CellForm compared_with(Form relation, const Node& operand) {
    auto value = constant_of(operand);
    return value ? compared(relation, std::move(*value)) : opaque();
}

std::optional<Form> relation_of(Op op, bool input_is_left) {
    switch (op) {
        case Op::equal: return Form::equal;
        case Op::not_equal: return Form::not_equal;
        case Op::less: return input_is_left ? Form::less : Form::greater;
        case Op::less_or_equal: return input_is_left ? Form::less_or_equal : Form::greater_or_equal;
        case Op::greater: return input_is_left ? Form::greater : Form::less;
        case Op::greater_or_equal: return input_is_left ? Form::greater_or_equal : Form::less_or_equal;
        default: return std::nullopt;
    }
}

CellForm form_of_test(const Node& node);

std::vector<CellForm> forms_of(const std::vector<NodePtr>& nodes, std::size_t from) {
    std::vector<CellForm> forms;
    for (; from < nodes.size(); ++from) forms.push_back(form_of_test(*nodes[from]));
    return forms;
}

CellForm between(const Node& low, bool low_included, const Node& high, bool high_included) {
    return joined(FormKind::all_of, {compared_with(low_included ? Form::greater_or_equal : Form::greater, low),
                                     compared_with(high_included ? Form::less_or_equal : Form::less, high)});
}

/// `starts with(?, "33")`.
CellForm form_of_call(const Node& node) {
    if (node.builtin == nullptr || !node.names.empty()) return opaque();
    if (node.builtin->name == "starts with" && node.children.size() == 3 && is_input(*node.children[1])) {
        auto value = constant_of(*node.children[2]);
        if (!value || !value->is(feel::Kind::string) || value->as_string().empty()) return opaque();
        CellForm form;
        form.kind = FormKind::prefix;
        form.value = std::move(*value);
        return form;
    }
    return opaque();
}

/// A condition about `?`.
CellForm form_of_condition(const Node& node) {
    const auto& parts = node.children;
    switch (node.op) {
        case Op::logical_and:
            return joined(FormKind::all_of, {form_of_condition(*parts[0]), form_of_condition(*parts[1])});
        case Op::logical_or:
            return joined(FormKind::any_of, {form_of_condition(*parts[0]), form_of_condition(*parts[1])});
        case Op::between: return is_input(*parts[0]) ? between(*parts[1], true, *parts[2], true) : opaque();
        case Op::in: return is_input(*parts[0]) ? joined(FormKind::any_of, forms_of(parts, 1)) : opaque();
        case Op::call:
            if (node.builtin != nullptr && node.builtin->name == "not" && parts.size() == 2) {
                return joined(FormKind::none_of, {form_of_condition(*parts[1])});
            }
            return form_of_call(node);
        default: break;
    }
    const auto relation = relation_of(node.op, parts.size() == 2 && is_input(*parts[0]));
    if (!relation) return opaque();
    if (is_input(*parts[0])) return compared_with(*relation, *parts[1]);
    return is_input(*parts[1]) ? compared_with(*relation, *parts[0]) : opaque();
}

CellForm form_of_test(const Node& node) {
    if (node.uses_input) return form_of_condition(node);
    switch (node.op) {
        case Op::interval: return between(*node.children[0], node.start_included, *node.children[1], node.end_included);
        case Op::one_sided: return compared_with(node.form, *node.children[0]);
        case Op::list: return joined(FormKind::any_of, forms_of(node.children, 0));
        default: break;
    }
    CellForm form = compared_with(Form::equal, node);
    // A computed true or false answers for itself; only a written one is compared with the value.
    if (node.op != Op::literal && form.value.is(feel::Kind::boolean)) return opaque();
    return form;
}

}  // namespace

bool CellForm::holds_opaque() const {
    return kind == FormKind::opaque || std::ranges::any_of(parts, &CellForm::holds_opaque);
}

CellForm form_of_tests(const Node& tests) {
    if (tests.op == Op::tests_any) {
        CellForm form;
        form.kind = FormKind::anything;
        return form;
    }
    return joined(tests.op == Op::tests_not ? FormKind::none_of : FormKind::any_of, forms_of(tests.children, 0));
}

}  // namespace kaigong::dmn
