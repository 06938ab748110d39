#include "engine/bpmn/simulation_trace.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/civil_date.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

/// An event sub-process is told from others by an attribute only.
std::string_view xml_name(Kind kind) {
    return to_string(kind == Kind::event_sub_process ? Kind::sub_process : kind);
}

}  // namespace

std::string office_instant(std::int64_t at_ms) {
    const CivilDate day = office_date(at_ms);
    const std::int64_t ms = at_ms - office_midnight_ms(day);
    const std::string fraction = ms % 1'000 == 0 ? "" : fmt::format(".{:03}", ms % 1'000);
    return fmt::format("{}T{:02}:{:02}:{:02}{}+08:00", to_string(day), ms / 3'600'000, ms / 60'000 % 60,
                       ms / 1'000 % 60, fraction);
}

/// One function a fact. Facts that only say how the engine came to the next one have none.
struct SimulationTrace::Teller {
    SimulationTrace& trace;
    std::int64_t at_ms;
    /// What follows, or null.
    const Fact* next;

    void tell(std::string_view element, std::string_view event, json::object more = {}) const {
        trace.line(element, event, at_ms, std::move(more));
    }

    /// `scope` is the token that they belong to, 0 for the process.
    void tell_variables(std::int64_t scope, const json::object& variables) const {
        const auto element = trace.elements_.find(scope);
        const bool is_inside = element != trace.elements_.end();
        if (!variables.empty())
            tell(is_inside ? element->second : trace.definition_.process_id(), "variables", {{"variables", variables}});
    }

    void operator()(const InstanceStarted& fact) const {
        tell(fact.process, "entered");
        tell_variables(0, fact.variables);
    }
    void operator()(const VariablesSet& fact) const { tell_variables(0, fact.variables); }
    void operator()(const ScopeVariablesSet& fact) const { tell_variables(fact.scope, fact.variables); }
    void operator()(const VariablesPassed& fact) const { tell_variables(fact.token, fact.variables); }
    void operator()(const TokenArrived& fact) const {
        trace.elements_[fact.token] = fact.element;
        if (!fact.flow.empty()) tell(fact.flow, "taken");
        const Element* element = trace.definition_.find(fact.element);
        if (element != nullptr && element->repetition) {
            trace.wholes_.insert(fact.token);
            return;
        }
        // A join is entered once, with the last token that it waited for.
        if (next != nullptr && std::holds_alternative<TokenJoined>(*next)) return;
        tell(fact.element, "entered", {{"token", fact.token}});
    }
    void operator()(const InstanceArrived& fact) const {
        trace.elements_[fact.token] = fact.element;
        json::object more{{"token", fact.token}};
        if (fact.number > 0) more["number"] = fact.number;
        tell(fact.element, "entered", std::move(more));
        tell_variables(fact.token, fact.variables);
    }
    void operator()(const RepeatOpened& fact) const {
        tell(fact.element, "repeat_opened", {{"token", fact.token}, {"instances", fact.items.size()}});
    }
    void operator()(const TokenWaiting& fact) const { tell(fact.element, "waiting", {{"token", fact.token}}); }
    void operator()(const TokenJoined& fact) const {
        trace.joining_.insert(fact.token);
        tell(fact.element, "joined", {{"token", fact.token}});
    }
    void operator()(const JoinFired& fact) const {
        for (const std::int64_t token : fact.consumed) trace.joining_.erase(token);
        if (trace.joining_.erase(fact.token) > 0) tell(fact.element, "entered", {{"token", fact.token}});
    }
    void operator()(const TaskOpened& fact) const { tell(fact.element, "waiting", {{"token", fact.token}}); }
    void operator()(const JobCreated& fact) const {
        tell(fact.element, "waiting", {{"token", fact.token}, {"job_type", fact.job_type}});
    }
    void operator()(const TimerScheduled& fact) const {
        tell(fact.element, "timer_scheduled", {{"timer", fact.timer}, {"due_at", office_instant(fact.due_at_ms)}});
    }
    void operator()(const TimerFired& fact) const { tell(fact.element, "fired", {{"timer", fact.timer}}); }
    void operator()(const TimerCancelled& fact) const {
        tell(fact.element, "timer_cancelled", {{"timer", fact.timer}});
    }
    void operator()(const CycleScheduled& fact) const {
        tell(fact.element, "timer_scheduled",
             {{"timer", fact.timer}, {"due_at", office_instant(fact.due_at_ms)}, {"left", fact.left}});
    }
    void operator()(const SubscriptionOpened& fact) const {
        json::object more{{"subscription", fact.subscription}};
        if (!fact.name.empty()) more["name"] = fact.name;
        if (!fact.key.empty()) more["key"] = fact.key;
        tell(fact.element, "subscribed", std::move(more));
    }
    void operator()(const SubscriptionClosed& fact) const {
        tell(fact.element, "unsubscribed", {{"subscription", fact.subscription}});
    }
    void operator()(const EventCaught& fact) const {
        tell(fact.element, "caught", {{"trigger", fact.trigger}, {"name", fact.name}});
    }
    void operator()(const EventThrown& fact) const {
        json::object more{{"token", fact.token}, {"trigger", fact.trigger}, {"name", fact.name}};
        if (!fact.key.empty()) more["key"] = fact.key;
        if (!fact.variables.empty()) more["variables"] = fact.variables;
        tell(fact.element, "thrown", std::move(more));
    }
    void operator()(const ElementCompleted& fact) const {
        tell(fact.element, trace.is_whole(fact.token) ? "repeat_completed" : "completed", {{"token", fact.token}});
    }
    void operator()(const TokenCancelled& fact) const {
        trace.joining_.erase(fact.token);
        tell(fact.element, trace.is_whole(fact.token) ? "repeat_cancelled" : "cancelled",
             {{"token", fact.token}, {"cause", fact.cause}});
    }
    void operator()(const IncidentRaised& fact) const {
        trace.incidents_[fact.incident] = fact.element;
        tell(fact.element, "incident", {{"incident", fact.incident}, {"code", fact.code}, {"message", fact.message}});
    }
    void operator()(const IncidentResolved& fact) const {
        tell(trace.incidents_[fact.incident], "incident_resolved", {{"incident", fact.incident}});
    }
    void operator()(const InstanceCompleted& /*fact*/) const { tell(trace.definition_.process_id(), "completed"); }
    void operator()(const InstanceCancelled& fact) const {
        tell(trace.definition_.process_id(), "cancelled", {{"cause", fact.reason}});
    }
    template <class Other>
    void operator()(const Other& /*fact*/) const {}
};

void SimulationTrace::tell(const std::vector<Event>& events) {
    for (std::size_t i = 0; i < events.size(); ++i) {
        const Fact* next = i + 1 < events.size() ? &events[i + 1].fact : nullptr;
        std::visit(Teller{*this, events[i].at_ms, next}, events[i].fact);
    }
}

std::string_view SimulationTrace::type_of(std::string_view element) const {
    if (element == definition_.process_id()) return "process";
    if (const Element* found = definition_.find(element)) return xml_name(found->kind);
    return "sequenceFlow";
}

void SimulationTrace::line(std::string_view element, std::string_view event, std::int64_t at_ms, json::object more) {
    json::object told{
        {"element", element}, {"type", type_of(element)}, {"event", event}, {"at", office_instant(at_ms)}};
    for (auto& [name, value] : more) told[name] = std::move(value);
    sink_(told);
}

}  // namespace kaigong::bpmn
