#include "engine/bpmn/behaviors/catching.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

/// An event with a life of its own takes what came along as it takes the results of a task.
void catch_on_edge(Execution& execution, const Element& event, std::int64_t holder,
                   const boost::json::object& variables) {
    const std::int64_t scope = execution.token(holder).scope;
    if (event.interrupting) cancel_token(execution, holder, event.id);
    take_results(execution, execution.arrive(event, scope, ""), variables);
}

void catch_behind_gateway(Execution& execution, const Element& event, std::int64_t gateway,
                          const boost::json::object& variables) {
    const Definition& definition = execution.definition();
    const std::int64_t scope = execution.token(gateway).scope;
    const auto& ways = execution.element_of(gateway).outgoing;
    const auto way = std::ranges::find_if(
        ways, [&](int index) { return definition.element(definition.flow(index).target).id == event.id; });
    const std::string flow = definition.flow(*way).id;
    stop_waiting(execution, gateway);
    execution.emit(ElementCompleted{gateway, execution.token(gateway).element, {flow}});
    const std::int64_t token = execution.next_key();
    execution.emit(TokenArrived{token, event.id, scope, flow});
    take_results(execution, token, variables);
    leave(execution, token);
}

void catch_in_sub_process(Execution& execution, const Element& start, std::int64_t scope,
                          const boost::json::object& variables) {
    const Element& sub_process = execution.definition().element(start.scope);
    if (start.interrupting) {
        stop_listening(execution, scope);
        cancel_scope(execution, scope, 0, sub_process.id);
    }
    const std::int64_t token = execution.next_key();
    execution.emit(TokenArrived{token, sub_process.id, scope, ""});
    // What it could not compute stops it before anything inside begins; it is tried again as it stands.
    if (!open_scope(execution, token, sub_process, ScopeOpened{token, sub_process.id})) return;
    take_results(execution, execution.arrive(start, token, ""), variables);
}

/// What sits on the edge of an open activity, or listens for a scope, may catch again.
bool goes_on_waiting(const Element& event) {
    return !event.interrupting && (event.kind == Kind::boundary_event || event.kind == Kind::start_event);
}

bool is_fulfilled(Execution& execution, const Element& event, std::int64_t holder) {
    const feel::Value value = execution.evaluate(*event.condition, holder);
    return value.kind() == feel::Kind::boolean && value.as_bool();
}

}  // namespace

void catch_event(Execution& execution, const Element& event, std::int64_t holder, const std::string& name,
                 const boost::json::object& variables) {
    // Of a timer it was said already that it fired.
    if (event.trigger != Trigger::timer) {
        const Trigger trigger = receives_message(event) ? Trigger::message : event.trigger;
        execution.emit(EventCaught{event.id, std::string(to_string(trigger)), name});
    }
    if (event.kind == Kind::boundary_event) return catch_on_edge(execution, event, holder, variables);
    if (event.kind == Kind::start_event) return catch_in_sub_process(execution, event, holder, variables);
    if (execution.token(holder).element != event.id) {
        return catch_behind_gateway(execution, event, holder, variables);
    }
    take_results(execution, holder, variables);
    finish(execution, holder);
}

void catch_timer(Execution& execution, std::int64_t key) {
    const Timer timer = execution.state().timers.at(key);
    const Element& event = *execution.definition().find(timer.element);
    execution.emit(TimerFired{key, timer.element});
    if (timer.left != 0 && goes_on_waiting(event)) {
        const auto due = due_again(execution, *event.timer, timer.token, timer.due_at_ms);
        // An interval that can't be computed any more ends the cycle; the first one could be.
        if (due && *due > timer.due_at_ms) {
            execution.emit(CycleScheduled{execution.next_key(), event.id, timer.token, *due,
                                          timer.left < 0 ? -1 : timer.left - 1});
        }
    }
    catch_event(execution, event, timer.token, "");
}

void catch_subscription(Execution& execution, std::int64_t key, const boost::json::object& variables) {
    const Subscription subscription = execution.state().subscriptions.at(key);
    const Element& event = *execution.definition().find(subscription.element);
    if (!goes_on_waiting(event)) execution.emit(SubscriptionClosed{key, subscription.element});
    catch_event(execution, event, subscription.token, subscription.name, variables);
}

bool catch_signal(Execution& execution, const std::string& name, const boost::json::object& variables) {
    std::vector<std::int64_t> waiting;
    for (const auto& [key, subscription] : execution.state().subscriptions) {
        const Element& event = *execution.definition().find(subscription.element);
        if (event.trigger == Trigger::signal && subscription.name == name) waiting.push_back(key);
    }
    for (const std::int64_t key : waiting) {
        // One that caught it may have ended another that waited.
        if (execution.state().subscriptions.contains(key)) catch_subscription(execution, key, variables);
    }
    return !waiting.empty();
}

bool catch_condition(Execution& execution) {
    for (const auto& [key, subscription] : execution.state().subscriptions) {
        if (!subscription.name.empty()) continue;
        const Element& event = *execution.definition().find(subscription.element);
        if (event.trigger != Trigger::conditional) continue;
        const bool fulfilled = is_fulfilled(execution, event, subscription.token);
        if (fulfilled == subscription.fulfilled) continue;
        execution.emit(ConditionLookedAt{key, event.id, fulfilled});
        if (fulfilled) catch_subscription(execution, key, {});
        return true;
    }
    return false;
}

}  // namespace kaigong::bpmn
