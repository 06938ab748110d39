// One command being carried out: a working copy of the state that changes only by the events it emits, and a queue of
// tokens that have arrived. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/expression.hpp"

namespace kaigong::bpmn {

class Execution {
  public:
    Execution(const Definition& definition, State state, std::int64_t now_ms, const Limits& limits,
              const feel::WorkingDays* working_days)
        : definition_(definition),
          state_(std::move(state)),
          now_ms_(now_ms),
          limits_(limits),
          working_days_(working_days) {}

    const Definition& definition() const { return definition_; }
    const State& state() const { return state_; }
    std::int64_t now_ms() const { return now_ms_; }
    const Limits& limits() const { return limits_; }
    const feel::WorkingDays* working_days() const { return working_days_; }

    const Token& token(std::int64_t key) const { return state_.tokens.at(key); }
    bool has_token(std::int64_t key) const { return state_.tokens.contains(key); }
    const Element& element_of(std::int64_t token) const;
    /// The process or sub-process that a scope runs: the process itself for 0, the called process for a call activity.
    const Element& scope_element(std::int64_t scope) const;
    /// Tokens directly in a scope, oldest first.
    std::vector<std::int64_t> tokens_in(std::int64_t scope) const;
    bool is_empty(std::int64_t scope) const;

    /// Records the fact and applies it.
    void emit(Fact fact);
    std::int64_t next_key() const { return state_.next_key; }
    /// A new token at the element, to be worked on before the command ends. Its key.
    std::int64_t arrive(const Element& element, std::int64_t scope, const std::string& flow);
    /// A new token at an activity that the caller opens itself.
    std::int64_t place(const Element& element, std::int64_t scope);
    /// The same for one with variables of its own; see InstanceArrived.
    std::int64_t arrive_with(const Element& element, std::int64_t scope, std::int64_t number,
                             boost::json::object variables);
    /// Works on a token again that stopped with an incident.
    void work_on(std::int64_t token) { queue_.push_back(token); }
    /// Stops the token where it is. `message` is for the person who repairs it.
    void raise(std::int64_t token, std::string code, std::string message);
    /// With the variables that are seen from the token (0: the process).
    feel::Value evaluate(const Expression& expression, std::int64_t token);
    /// The same with these besides, which win.
    feel::Value evaluate_with(const Expression& expression, std::int64_t token, const boost::json::object& more);

    /// Works until every token waits for something.
    void settle();
    std::vector<Event> take_events() { return std::move(events_); }

  private:
    void work_off_queue();
    /// False after an incident: the token stays.
    bool within_limits(std::int64_t token);
    const feel::Context& context_of(std::int64_t token);

    const Definition& definition_;
    State state_;
    std::int64_t now_ms_;
    Limits limits_;
    const feel::WorkingDays* working_days_;
    std::vector<Event> events_;
    std::deque<std::int64_t> queue_;
    /// By the scope with variables of its own that is seen first; emptied when a variable changes.
    std::map<std::int64_t, feel::Context> contexts_;
    /// A variable has changed, or a condition is new, since they were looked at.
    bool conditions_may_differ_ = false;
    int steps_ = 0;
};

}  // namespace kaigong::bpmn
