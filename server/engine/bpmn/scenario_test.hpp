// Runs the engine's test language, which an outsider can read and write. Used by the tests of each element and for the
// data files in tests/engine.
//
//   # a comment
//   case the refusal ends the case            one story; everything after it belongs to it
//   deploy                                    followed by indented lines: BPMN elements as XML, flows in short
//     <startEvent id="start"/> <userTask id="accept"/> <endEvent id="done"/>
//     start -> accept -> done                 one flow each, with the id start_accept …
//     choice -> yes when approved             a condition in FEEL (to the end of the line)
//     timer day_six on accept at =due_at      a boundary timer; `after PT2H` for a duration; `reminder` leaves the task
//     open sub {                                   a subProcess; its lines follow, up to the line }
//     }
//     root <error id="late" errorCode="late"/>   what stands beside the process: errors, messages, called processes
//   deploy file catalog/…/issue.bpmn          a file of the repository instead
//   start {"approved": true}
//   complete accept {"accept_outcome": "ok"}  the oldest open task or job of that element
//   fail mail no address                      a job
//   advance 5 working_days                    also: 3 days, PT2H, to 2026-12-01T00:00:00+08:00; fires what becomes due
//   fire day_six                              a timer by hand
//   start at ELEMENT {…}                      at another start event
//   message paid key 42 {…}    signal all_stop {…}    throw mail NO_ADDRESS {…}    escalate mail LATE
//   suspend why    resume    move accept fire to check why    add sign "water"    remove sign why
//   return decide to check why                back to an earlier task; `straight` before `to`: and then to where it was
//   set {"x": 1}    resolve accept {"x": 1}    cancel withdrawn
//   error bpmn.task_not_open                  the line before is refused with that reason; after `deploy` the code of
//                                             a problem and the id of its element
//   warning unreachable island                after `deploy`: kept, and told
//   expect tasks accept decide                and nothing else; likewise: jobs, timers, waits
//                                             (subscriptions), incidents (element:code),
//   passed
//                                             (completed elements), returns (earlier tasks; the first name is the
//                                             task), events (of the line before), variable x 1
//   expect running | completed | cancelled
//
// Every case starts on Monday 2026-11-23 at 09:00 in the office. After each command the runner also saves and restores
// the state and the events as text, carries the command out on the copy, replays the whole history from nothing, and
// fails when any of the three differ, or when a running instance waits for nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/bpmn.hpp"

namespace kaigong::bpmn {

/// One line a failure, with its line number; empty when all is well.
std::string run_scenarios(std::string_view text);

/// An instance with its twin that is saved and restored at every step.
class TwinInstance {
  public:
    explicit TwinInstance(Definition definition) : definition_(std::move(definition)) {}

    const Definition& definition() const { return definition_; }
    const State& state() const { return state_; }
    const std::vector<Event>& history() const { return history_; }
    /// Throws std::logic_error when the twin differs.
    Result<std::vector<Event>> carry_out(const Command& command, std::int64_t now_ms, const Limits& limits = {});
    /// The same without the twin, for very many steps.
    Result<std::vector<Event>> carry_out_alone(const Command& command, std::int64_t now_ms, const Limits& limits);
    /// What a crash leaves: the saved state, as text. Throws when that, or replaying the history, gives another one.
    void crash();

  private:
    void check_waiting() const;

    Definition definition_;
    State state_;
    std::vector<Event> history_;
};

/// A model in the short notation of `deploy`, as BPMN XML.
std::string model_xml(std::string_view lines);

}  // namespace kaigong::bpmn
