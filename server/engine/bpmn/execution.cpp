#include "engine/bpmn/execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "engine/bpmn/behaviors/catching.hpp"
#include "engine/bpmn/behaviors/joining.hpp"
#include "engine/bpmn/behaviors/repeating.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn {
namespace {

constexpr feel::JsonReading kReading{.typed_by_suffix = true, .depth_max = kVariablesDepthMax};

/// What is seen changes with the variables, and where a called process begins or ends.
bool changes_what_is_seen(const Fact& fact) {
    return std::holds_alternative<VariablesSet>(fact) || std::holds_alternative<ScopeVariablesSet>(fact) ||
           std::holds_alternative<VariablesPassed>(fact) || std::holds_alternative<InstanceStarted>(fact) ||
           std::holds_alternative<ScopeOpened>(fact) || std::holds_alternative<ScopeEmptied>(fact);
}

}  // namespace

const Element& Execution::element_of(std::int64_t token_key) const {
    const Element* element = definition_.find(token(token_key).element);
    if (element == nullptr) throw std::logic_error("a token stands on an element that its definition does not have");
    return *element;
}

const Element& Execution::scope_element(std::int64_t scope) const {
    if (scope == 0) return definition_.root();
    const Element& around = element_of(scope);
    if (around.kind != Kind::call_activity || state_.repeats.contains(scope)) return around;
    const auto inside = std::ranges::find_if(state_.tokens, [&](const auto& one) { return one.second.scope == scope; });
    // A call may be computed: what runs inside tells which process it is.
    if (inside == state_.tokens.end()) return around;
    return definition_.element(element_of(inside->first).scope);
}

std::vector<std::int64_t> Execution::tokens_in(std::int64_t scope) const {
    std::vector<std::int64_t> tokens;
    for (const auto& [key, token] : state_.tokens) {
        if (token.scope == scope) tokens.push_back(key);
    }
    return tokens;
}

bool Execution::is_empty(std::int64_t scope) const {
    return std::ranges::none_of(state_.tokens, [scope](const auto& one) { return one.second.scope == scope; });
}

void Execution::emit(Fact fact) {
    const bool seen_differs = changes_what_is_seen(fact);
    if (seen_differs) contexts_.clear();
    if (seen_differs || std::holds_alternative<SubscriptionOpened>(fact)) conditions_may_differ_ = true;
    events_.push_back({now_ms_, std::move(fact)});
    apply(state_, events_.back());
}

std::int64_t Execution::arrive(const Element& element, std::int64_t scope, const std::string& flow) {
    const std::int64_t key = next_key();
    emit(TokenArrived{key, element.id, scope, flow});
    queue_.push_back(key);
    return key;
}

std::int64_t Execution::place(const Element& element, std::int64_t scope) {
    const std::int64_t key = next_key();
    emit(TokenArrived{key, element.id, scope, ""});
    return key;
}

std::int64_t Execution::arrive_with(const Element& element, std::int64_t scope, std::int64_t number,
                                    boost::json::object variables) {
    const std::int64_t key = next_key();
    emit(InstanceArrived{key, element.id, scope, number, std::move(variables)});
    queue_.push_back(key);
    return key;
}

void Execution::raise(std::int64_t token_key, std::string code, std::string message) {
    emit(IncidentRaised{next_key(), token_key, token(token_key).element, std::move(code), std::move(message)});
}

const feel::Context& Execution::context_of(std::int64_t token_key) {
    const std::int64_t scope = variables_scope(definition_, state_, token_key);
    const auto found = contexts_.find(scope);
    if (found != contexts_.end()) return found->second;
    feel::Context context = scope == 0
                                ? feel::context_from_json(state_.variables, kReading)
                                : feel::context_from_json(visible_variables(definition_, state_, scope), kReading);
    return contexts_.emplace(scope, std::move(context)).first->second;
}

feel::Value Execution::evaluate(const Expression& expression, std::int64_t token_key) {
    return expression.evaluate(context_of(token_key), now_ms_, working_days_);
}

feel::Value Execution::evaluate_with(const Expression& expression, std::int64_t token_key,
                                     const boost::json::object& more) {
    if (more.empty()) return evaluate(expression, token_key);
    feel::Context context = context_of(token_key);
    const feel::Context besides = feel::context_from_json(more, kReading);
    for (const auto& [key, value] : besides) context.put(key, value);
    return expression.evaluate(context, now_ms_, working_days_);
}

void Execution::settle() {
    // Variables may be set meanwhile: what they fulfil happens when it is resumed.
    if (!state_.suspended.empty()) return;
    do {
        work_off_queue();
    } while (fire_inclusive_join(*this) || catch_condition(*this));
    raise_starved_joins(*this);
    if (state_.status == Status::running && waits_for_nothing(state_)) {
        throw std::logic_error("a running instance waits for nothing");
    }
}

void Execution::work_off_queue() {
    while (!queue_.empty()) {
        // A condition that is true when it begins to be waited for, or comes true, counts before anything else goes on.
        if (std::exchange(conditions_may_differ_, false) && catch_condition(*this)) {
            conditions_may_differ_ = true;
            continue;
        }
        const std::int64_t key = queue_.front();
        queue_.pop_front();
        // A terminate end event or a timer may have taken it away meanwhile.
        if (!state_.tokens.contains(key) || !within_limits(key)) continue;
        const Element& element = element_of(key);
        if (element.repetition && !state_.is_instance(key)) {
            open_repetition(*this, key);
        } else {
            handler_of(element.kind).enter(*this, key);
        }
    }
}

bool Execution::within_limits(std::int64_t token_key) {
    if (++steps_ > limits_.steps_max) {
        raise(
            token_key, "bpmn.step_limit",
            fmt::format("一次操作经过了{}个步骤，流程可能在绕圈。请检查网关条件，修正变量后重试。", limits_.steps_max));
        return false;
    }
    if (state_.tokens.size() > static_cast<std::size_t>(limits_.tokens_max)) {
        raise(token_key, "bpmn.token_limit",
              fmt::format("并行的步骤超过{}个，请检查流程是否反复分叉，办结一些步骤后重试。", limits_.tokens_max));
        return false;
    }
    return true;
}

}  // namespace kaigong::bpmn
