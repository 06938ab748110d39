// One process of a run in virtual time: how it begins, what it takes from outside, what it sends. Internal to
// engine/bpmn; simulation.cpp decides what happens when.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/bpmn/simulation.hpp"
#include "engine/bpmn/simulation_trace.hpp"

namespace kaigong::bpmn {

class SimulatedProcess {
  public:
    /// `is_one_of_several` names the process in each line of the trace.
    SimulatedProcess(const Definition& definition, const SimulationPlan& plan, const TraceSink& sink,
                     bool is_one_of_several);
    // The trace and its sink refer to what is beside them.
    SimulatedProcess(const SimulatedProcess&) = delete;
    SimulatedProcess& operator=(const SimulatedProcess&) = delete;
    SimulatedProcess(SimulatedProcess&&) = delete;
    SimulatedProcess& operator=(SimulatedProcess&&) = delete;
    ~SimulatedProcess() = default;

    const Definition& definition() const { return definition_; }
    const State& state() const { return state_; }
    /// It has begun, or its clock will begin it.
    bool is_set_going() const { return timed_start_ || state_.status != Status::not_started; }
    bool is_running() const { return timed_start_ || state_.status == Status::running; }
    /// Something has to come before it begins.
    bool begins_by_event_only() const;

    /// Gives the messages and signals that were thrown on the way.
    Result<std::vector<EventThrown>> carry_out(const Command& command, std::int64_t now_ms);

    /// The start event that the message or signal begins it by.
    const Element* start_for(Trigger trigger, std::string_view name, std::int64_t now_ms) const;
    Start start_by(const Element& start, const boost::json::object& variables) const;

    /// By its timer where nothing else begins it; false where something else does.
    Result<bool> schedule_start(std::int64_t now_ms);
    std::optional<std::int64_t> next_due_ms() const;
    /// What is due next, as a command. Says that a timed start has fired.
    Command due_command(std::int64_t now_ms);

    /// The subscription that a message of a process is for, by its key.
    std::optional<OpenSubscription> receiver(const EventThrown& sent) const;
    /// The same of a message from outside: its key is what the key's expression gives on its variables.
    std::optional<OpenSubscription> receiver(const Delivery& message, std::int64_t now_ms) const;
    bool awaits_signal(std::string_view name) const;

    /// The oldest open task or job of the element, or (empty) of any; not one that stopped with an incident.
    std::optional<std::int64_t> oldest_open(std::string_view element) const;

    /// `not_begun`, `completed`, `incident` or `waiting`.
    std::string_view end() const;

  private:
    /// Where a process begins by its clock and nothing else begins it.
    struct TimedStart {
        std::string element;
        std::int64_t due_at_ms = 0;
    };

    std::string name_of_start(const Element& start, std::int64_t now_ms) const;

    const Definition& definition_;
    const SimulationPlan& plan_;
    TraceSink sink_;
    SimulationTrace trace_;
    State state_;
    std::optional<TimedStart> timed_start_;
};

}  // namespace kaigong::bpmn
