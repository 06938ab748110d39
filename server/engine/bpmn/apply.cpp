// The only place where a State changes.
#include <algorithm>
#include <stdexcept>

#include "engine/bpmn/bpmn.hpp"

namespace kaigong::bpmn {
namespace {

class Applier {
  public:
    Applier(State& state, std::int64_t at_ms) : state_(state), at_ms_(at_ms) {}

    void operator()(const InstanceStarted& fact) {
        if (state_.status != Status::not_started) throw std::logic_error("an instance starts twice");
        state_.process = fact.process;
        state_.variables = fact.variables;
        state_.status = Status::running;
    }
    void operator()(const VariablesSet& fact) {
        for (const auto& [name, value] : fact.variables) state_.variables[name] = value;
    }
    void operator()(const TokenArrived& fact) {
        take_key(fact.token);
        state_.tokens[fact.token] = {fact.element, fact.scope, fact.flow, Phase::arrived, at_ms_};
    }
    void operator()(const TaskOpened& fact) { enter(fact.token, Phase::task); }
    void operator()(const TaskCompleted& fact) { enter(fact.token, Phase::leaving); }
    void operator()(const JobCreated& fact) { enter(fact.token, Phase::job); }
    void operator()(const JobCompleted& fact) { enter(fact.token, Phase::leaving); }
    void operator()(const ScopeOpened& fact) { enter(fact.token, Phase::inside); }
    void operator()(const ScopeEmptied& fact) { enter(fact.token, Phase::leaving); }
    void operator()(const TokenJoined& fact) { enter(fact.token, Phase::joining); }
    void operator()(const JoinFired& fact) {
        for (const std::int64_t consumed : fact.consumed) remove(consumed);
        enter(fact.token, Phase::leaving);
    }
    void operator()(const TimerScheduled& fact) {
        take_key(fact.timer);
        state_.timers[fact.timer] = {fact.element, fact.token, fact.due_at_ms};
    }
    void operator()(const TimerFired& fact) { remove_timer(fact.timer); }
    void operator()(const TimerCancelled& fact) { remove_timer(fact.timer); }
    void operator()(const ElementCompleted& fact) {
        remove(fact.token);
        auto& completed = state_.completed;
        if (std::find(completed.begin(), completed.end(), fact.element) == completed.end())
            completed.push_back(fact.element);
    }
    void operator()(const TokenCancelled& fact) { remove(fact.token); }
    void operator()(const IncidentRaised& fact) {
        take_key(fact.incident);
        state_.incidents[fact.incident] = {fact.token, fact.element, fact.code, fact.message, at_ms_};
    }
    void operator()(const IncidentResolved& fact) { state_.incidents.erase(fact.incident); }
    void operator()(const InstanceCompleted& /*fact*/) { state_.status = Status::completed; }
    void operator()(const InstanceCancelled& /*fact*/) { state_.status = Status::cancelled; }

  private:
    void take_key(std::int64_t key) {
        if (key < state_.next_key) throw std::logic_error("a key is used twice");
        state_.next_key = key + 1;
    }

    void enter(std::int64_t key, Phase phase) {
        Token& token = state_.tokens.at(key);
        token.phase = phase;
        token.since_ms = at_ms_;
    }

    void remove(std::int64_t key) {
        if (state_.tokens.erase(key) != 1) throw std::logic_error("a token goes that was not there");
        std::erase_if(state_.incidents, [key](const auto& entry) { return entry.second.token == key; });
    }

    void remove_timer(std::int64_t key) {
        if (state_.timers.erase(key) != 1) throw std::logic_error("a timer goes that was not there");
    }

    State& state_;
    std::int64_t at_ms_;
};

}  // namespace

void apply(State& state, const Event& event) {
    std::visit(Applier(state, event.at_ms), event.fact);
}

}  // namespace kaigong::bpmn
