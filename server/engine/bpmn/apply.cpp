// The only place where a State changes.
#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "engine/bpmn/bpmn.hpp"

namespace kaigong::bpmn {
namespace {

/// Gives elements and flows the names that they have in another definition.
class Renaming {
  public:
    explicit Renaming(const InstanceMigrated& fact) : fact_(fact) {}

    void rename(State& state) const {
        state.process = fact_.process;
        for (auto& [key, token] : state.tokens) {
            rename(token.element, fact_.elements);
            rename(token.flow, fact_.flows);
        }
        for (auto& [key, timer] : state.timers) rename(timer.element, fact_.elements);
        for (auto& [key, subscription] : state.subscriptions) rename(subscription.element, fact_.elements);
        for (auto& [key, incident] : state.incidents) rename(incident.element, fact_.elements);
        for (auto& [key, record] : state.compensable) {
            rename(record.element, fact_.elements);
            for (std::string& around : record.within) rename(around, fact_.elements);
        }
        for (auto& [key, detour] : state.detours) {
            for (Place& place : detour.places) rename(place);
        }
        for (std::string& element : state.completed) rename(element, fact_.elements);
    }

  private:
    void rename(Place& place) const {
        for (std::string& around : place.within) rename(around, fact_.elements);
        rename(place.element, fact_.elements);
        rename(place.flow, fact_.flows);
        for (Place& next : place.then) rename(next);
    }

    static void rename(std::string& name, const boost::json::object& names) {
        const auto* found = names.if_contains(name);
        if (found != nullptr && found->is_string()) name = std::string(found->get_string());
    }

    const InstanceMigrated& fact_;
};

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
        state_.tokens[fact.token] = {fact.element, fact.scope, fact.flow, Phase::arrived, at_ms_, 0, {}, {}};
    }
    void operator()(const InstanceArrived& fact) {
        take_key(fact.token);
        state_.tokens[fact.token] = {fact.element, fact.scope,     "", Phase::arrived, at_ms_,
                                     fact.number,  fact.variables, {}};
        if (fact.number > 0) state_.repeats.at(fact.scope).started = fact.number;
    }
    void operator()(const TokenWaiting& fact) { enter(fact.token, Phase::waiting); }
    void operator()(const ScopeVariablesSet& fact) {
        auto& token = state_.tokens.at(fact.scope);
        for (const auto& [name, value] : fact.variables) {
            token.variables[name] = value;
            std::erase(token.passed, name);
        }
    }
    void operator()(const VariablesPassed& fact) {
        auto& token = state_.tokens.at(fact.token);
        for (const auto& [name, value] : fact.variables) {
            token.variables[name] = value;
            token.passed.emplace_back(name);
        }
    }
    void operator()(const RepeatOpened& fact) {
        state_.repeats[fact.token] = {fact.sequential, fact.items, 0, 0, 0, {}};
        enter(fact.token, Phase::inside);
    }
    void operator()(const RepeatExtended& fact) { state_.repeats.at(fact.token).items.push_back(fact.item); }
    void operator()(const RepeatResult& fact) {
        auto& results = state_.repeats.at(fact.token).results;
        const auto place = static_cast<std::size_t>(fact.number - 1);
        while (results.size() <= place) results.push_back(nullptr);
        results[place] = fact.value;
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
        state_.timers[fact.timer] = {fact.element, fact.token, fact.due_at_ms, 0};
    }
    void operator()(const CycleScheduled& fact) {
        take_key(fact.timer);
        state_.timers[fact.timer] = {fact.element, fact.token, fact.due_at_ms, fact.left};
    }
    void operator()(const TimerFired& fact) { remove_timer(fact.timer); }
    void operator()(const TimerCancelled& fact) { remove_timer(fact.timer); }
    void operator()(const ElementCompleted& fact) {
        count_instance(fact.token, &Repeat::completed);
        remove(fact.token);
        auto& completed = state_.completed;
        if (std::find(completed.begin(), completed.end(), fact.element) == completed.end())
            completed.push_back(fact.element);
    }
    void operator()(const TokenCancelled& fact) {
        count_instance(fact.token, &Repeat::dropped);
        remove(fact.token);
    }
    void operator()(const SubscriptionOpened& fact) {
        take_key(fact.subscription);
        state_.subscriptions[fact.subscription] = {fact.element, fact.token, fact.name, fact.key, false};
    }
    void operator()(const SubscriptionClosed& fact) { remove_from(state_.subscriptions, fact.subscription); }
    void operator()(const ConditionLookedAt& fact) {
        state_.subscriptions.at(fact.subscription).fulfilled = fact.fulfilled;
    }
    void operator()(const EventCaught& /*fact*/) {}
    void operator()(const EventThrown& /*fact*/) {}
    void operator()(const CompensationRecorded& fact) {
        take_key(fact.record);
        state_.compensable[fact.record] = {fact.element, fact.scope, {}, fact.variables, 0};
    }
    void operator()(const CompensationKept& fact) {
        const auto around = state_.tokens.find(fact.token);
        for (auto& [key, record] : state_.compensable) {
            if (record.scope != fact.token) continue;
            record.scope = fact.scope;
            record.within.push_back(fact.element);
            if (around != state_.tokens.end()) add_missing(record.variables, around->second.variables);
        }
    }
    void operator()(const CompensationAsked& fact) {
        for (const std::int64_t record : fact.records) state_.compensable.at(record).asked_by = fact.token;
        enter(fact.token, Phase::inside);
    }
    void operator()(const CompensationTaken& fact) { remove_from(state_.compensable, fact.record); }
    void operator()(const DetourSet& fact) { state_.detours[fact.token] = {fact.places}; }
    void operator()(const InstanceSuspended& fact) { state_.suspended = fact.reason; }
    void operator()(const InstanceResumed& /*fact*/) { state_.suspended.clear(); }
    void operator()(const InstanceMigrated& fact) { Renaming(fact).rename(state_); }
    void operator()(const IncidentRaised& fact) {
        take_key(fact.incident);
        state_.incidents[fact.incident] = {fact.token, fact.element, fact.code, fact.message, at_ms_};
    }
    void operator()(const IncidentResolved& fact) { state_.incidents.erase(fact.incident); }
    void operator()(const InstanceCompleted& /*fact*/) { end(Status::completed); }
    void operator()(const InstanceCancelled& /*fact*/) { end(Status::cancelled); }

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
        state_.repeats.erase(key);
        state_.detours.erase(key);
        forget_records(key);
        // Undoing that was cut short can be asked for again.
        for (auto& [record, compensable] : state_.compensable) {
            if (compensable.asked_by == key) compensable.asked_by = 0;
        }
    }

    /// Of a scope that is gone, or of the record of a completed sub-process that undoes its own.
    void forget_records(std::int64_t scope) {
        std::vector<std::int64_t> gone;
        for (const auto& [key, record] : state_.compensable) {
            if (record.scope == scope) gone.push_back(key);
        }
        for (const std::int64_t key : gone) {
            state_.compensable.erase(key);
            forget_records(key);
        }
    }

    static void add_missing(boost::json::object& variables, const boost::json::object& more) {
        for (const auto& [name, value] : more) {
            if (!variables.contains(name)) variables[name] = value;
        }
    }

    void count_instance(std::int64_t key, std::int64_t Repeat::* counter) {
        const Token& token = state_.tokens.at(key);
        if (token.number > 0) ++(state_.repeats.at(token.scope).*counter);
    }

    void remove_timer(std::int64_t key) { remove_from(state_.timers, key); }

    template <class T>
    static void remove_from(std::map<std::int64_t, T>& records, std::int64_t key) {
        if (records.erase(key) != 1) throw std::logic_error("something goes that was not there");
    }

    void end(Status status) {
        state_.status = status;
        state_.compensable.clear();
    }

    State& state_;
    std::int64_t at_ms_;
};

}  // namespace

void apply(State& state, const Event& event) {
    std::visit(Applier(state, event.at_ms), event.fact);
}

}  // namespace kaigong::bpmn
