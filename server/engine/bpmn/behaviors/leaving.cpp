#include "engine/bpmn/behaviors/leaving.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "engine/bpmn/behaviors/ad_hoc.hpp"
#include "engine/bpmn/behaviors/compensating.hpp"
#include "engine/bpmn/behaviors/placing.hpp"
#include "engine/bpmn/behaviors/repeating.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

/// What a call was given as its own ends with it.
bool is_own(const Element& call, std::string_view name) {
    if (std::ranges::find(call.inputs, name, name_of_target) != call.inputs.end()) return true;
    if (!call.repetition) return false;
    return name == kLoopCounter || name == call.repetition->input_element || name == call.repetition->output_variable;
}

void end_call(Execution& execution, std::int64_t call) {
    const Element& element = execution.element_of(call);
    if (element.kind != Kind::call_activity || !element.passes_variables_out || !element.outputs.empty()) return;
    boost::json::object variables;
    const Token& token = execution.token(call);
    for (const auto& [name, value] : token.variables) {
        const bool is_unchanged = std::ranges::find(token.passed, name) != token.passed.end();
        if (!is_unchanged && !is_own(element, name)) variables[name] = value;
    }
    if (!variables.empty()) set_variables(execution, execution.token(call).scope, variables);
}

/// Nothing is left inside this token.
void empty_scope(Execution& execution, std::int64_t scope) {
    const Element& element = execution.element_of(scope);
    if (is_repetition(execution, scope)) return continue_repetition(execution, scope);
    if (element.kind == Kind::ad_hoc_sub_process && goes_on_ad_hoc(execution, scope)) return;
    if (is_compensating(element)) return continue_compensation(execution, scope);
    execution.emit(ScopeEmptied{scope, element.id});
    end_call(execution, scope);
    finish(execution, scope);
}

/// An instance of a repeated activity is done: no flow is taken, the whole goes on.
void leave_repetition(Execution& execution, std::int64_t token) {
    const std::int64_t around = execution.token(token).scope;
    if (!collect_result(execution, token)) return;
    keep_compensation(execution, token);
    const Token done = execution.token(token);
    execution.emit(ElementCompleted{token, done.element, {}});
    continue_repetition(execution, around, done);
}

/// It was sent back here and goes on where it was sent from.
void take_detour(Execution& execution, std::int64_t token) {
    const std::vector<Place> places = execution.state().detours.at(token).places;
    const std::int64_t scope = execution.token(token).scope;
    keep_compensation(execution, token);
    execution.emit(ElementCompleted{token, execution.token(token).element, {}});
    if (!complete_ad_hoc(execution, scope)) begin_at(execution, scope, places);
}

}  // namespace

std::optional<bool> is_true(Execution& execution, std::int64_t token, const Expression& condition,
                            const std::string& what, const boost::json::object& more) {
    const feel::Value value = execution.evaluate_with(condition, token, more);
    if (value.kind() == feel::Kind::boolean) return value.as_bool();
    const std::string_view reason = value.is_null() ? value.null_reason() : "";
    execution.raise(token, "bpmn.condition_not_boolean",
                    fmt::format("{}的条件没有得出“是”或“否”{}{}。请核对条件用到的变量，补上后重试。", what,
                                reason.empty() ? "" : "：", reason));
    return std::nullopt;
}

std::optional<bool> is_open(Execution& execution, std::int64_t token, const Flow& flow) {
    if (flow.condition == nullptr) return true;
    return is_true(execution, token, *flow.condition, fmt::format("流向 {} ", flow.id));
}

void leave(Execution& execution, std::int64_t token) {
    if (!map_outputs(execution, token)) return;
    if (execution.state().is_instance(token)) return leave_repetition(execution, token);
    if (execution.state().detours.contains(token)) return take_detour(execution, token);
    const auto ways = ways_out(execution, token);
    if (ways) leave_by(execution, token, *ways);
}

std::optional<std::vector<int>> ways_out(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    std::vector<int> open;
    bool any_condition_is_true = false;
    for (const int index : element.outgoing) {
        if (index == element.default_flow) continue;
        const Flow& flow = execution.definition().flow(index);
        const auto is_taken = is_open(execution, token, flow);
        if (!is_taken) return std::nullopt;
        if (!*is_taken) continue;
        open.push_back(index);
        any_condition_is_true = any_condition_is_true || flow.condition != nullptr;
    }
    if (!any_condition_is_true && element.default_flow >= 0) open.push_back(element.default_flow);
    if (!open.empty() || element.outgoing.empty()) return open;
    raise_no_way_out(execution, token);
    return std::nullopt;
}

void pass(Execution& execution, std::int64_t token) {
    if (map_inputs(execution, token)) leave(execution, token);
}

void leave_by(Execution& execution, std::int64_t token, const std::vector<int>& flows) {
    const std::int64_t scope = execution.token(token).scope;
    keep_compensation(execution, token);
    ElementCompleted completed{token, execution.token(token).element, {}};
    for (const int index : flows) completed.flows.push_back(execution.definition().flow(index).id);
    execution.emit(std::move(completed));
    if (complete_ad_hoc(execution, scope)) return;
    for (const int index : flows) {
        const Flow& flow = execution.definition().flow(index);
        execution.arrive(execution.definition().element(flow.target), scope, flow.id);
    }
    if (flows.empty()) end_scope_if_empty(execution, scope);
}

void raise_no_way_out(Execution& execution, std::int64_t token) {
    execution.raise(token, "bpmn.no_way_out",
                    fmt::format("{} 的各条流向条件都不成立，也没有默认流向。请核对变量，修正后重试。",
                                execution.token(token).element));
}

void finish(Execution& execution, std::int64_t token) {
    stop_waiting(execution, token);
    leave(execution, token);
}

void end_scope_if_empty(Execution& execution, std::int64_t scope) {
    if (!execution.is_empty(scope)) return;
    if (scope != 0) return empty_scope(execution, scope);
    stop_waiting(execution, 0);
    execution.emit(InstanceCompleted{});
}

}  // namespace kaigong::bpmn
