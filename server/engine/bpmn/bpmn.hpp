// The process engine: BPMN 2.0 XML → Definition; (Definition, State, Command, now) → Events; Event → State.
// Pure: no clock, no storage, no randomness. A command is judged by `decide`, which may refuse it; what `decide`
// returns are facts; only `apply` changes a State. Saving, restoring, replaying and simulating are therefore the same
// thing. Not for: who may do what (authz), deadlines in working days (engine/clock), what a job does (the module that
// owns it).
//
// What a model may contain stands in docs/bpmn-elements.md, printed from elements/table.cpp; anything else of BPMN's
// own namespace is refused by `check`, with element and line. Extensions that are understood, of Kaigong
// (https://kaigong.example/bpmn/1, kaigong.xsd) and of the Zeebe and Camunda modellers, are read in extensions.cpp,
// activity_reader.cpp and event_reader.cpp; all others are kept as they stand.
//
// Expressions are FEEL, written `=accept_outcome = "accept"` or without the leading `=`; plain `${…}` is translated
// (juel.hpp). Variables are the members of the instance's JSON object, and of the scopes around a token: the nearest
// one counts. A variable that is not set is null. A condition must give true or false: anything else, null too, is an
// incident — `list contains(required_items, "fire")` on a missing list is an incident, `x = "a"` on a missing x is
// false. JSON knows no dates: text stays text unless the name ends in `_on`, so write
// `date and time(intake_due_at) > …` in conditions.
//
// Timers take ISO 8601 text (`2026-12-01T00:00:00+08:00`, `PT2H`, `P3D`, `R3/PT10M`) or FEEL that gives such text, a
// date, a date and time or a duration: `=add working days(today(), 7)`. A date, and a date and time without zone, are
// the office's (Asia/Shanghai). A duration runs from the moment the activity opens.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/definition.hpp"
#include "engine/bpmn/event.hpp"
#include "engine/bpmn/state.hpp"

namespace kaigong::feel {
class WorkingDays;
}

namespace kaigong::bpmn {

/// Begins the instance; only on a fresh State. At `element`, or, empty, at the plain start event.
struct Start {
    boost::json::object variables;
    std::string element{};  // NOLINT(readability-redundant-member-init): may be left out
};
/// A person finished the user task of this token. The variables (`<element>_outcome`, `<element>_by` …) are set first.
struct CompleteTask {
    std::int64_t token = 0;
    boost::json::object variables;
};
struct CompleteJob {
    std::int64_t token = 0;
    boost::json::object variables;
};
/// The job can't be done: an incident that stays until somebody resolves it. `message` carries no personal value.
struct FailJob {
    std::int64_t token = 0;
    std::string message;
};
/// What a task or job came to is an error that the model catches; nobody catching it is an incident.
struct ThrowError {
    std::int64_t token = 0;
    std::string code;
    boost::json::object variables;
};
/// Tells those around an open task or job; the activity goes on unless what catches it ends it.
struct Escalate {
    std::int64_t token = 0;
    std::string code;
    boost::json::object variables;
};
struct FireTimer {
    std::int64_t timer = 0;
};
/// The oldest of those who wait for a message of that name and correlation key gets it.
struct CorrelateMessage {
    std::string name;
    std::string key;
    boost::json::object variables;
};
/// Everybody who waits for it gets it.
struct BroadcastSignal {
    std::string name;
    boost::json::object variables;
};
struct SetVariables {
    boost::json::object variables;
};
/// Tries again what raised the incident, after setting the variables that repair it.
struct ResolveIncident {
    std::int64_t incident = 0;
    boost::json::object variables;
};
/// Takes tokens away and begins at another element of the same scope (that of the first token). For returns and
/// repairs: what it means for the case is the caller's to judge (returning.hpp plans it). `reason` is a code, for the
/// record.
struct MoveTokens {
    std::vector<std::int64_t> tokens;
    std::string element;
    std::string reason;
    /// Flows to joins of the same scope over which a token is taken to have come: what was done there stays done.
    std::vector<std::string> joined_over{};  // NOLINT(readability-redundant-member-init): may be left out
    /// Where the way goes on when the activity is done; empty: over its flows.
    std::vector<Place> then{};  // NOLINT(readability-redundant-member-init)
};
/// One more instance of an open multi-instance activity (`token` is the whole of it).
struct AddInstance {
    std::int64_t token = 0;
    boost::json::value item;
};
/// Takes one instance away; the others, and the end of all, are judged again.
struct RemoveInstance {
    std::int64_t token = 0;
    std::string reason;
};
/// Until resumed nothing but Resume, SetVariables and Cancel is possible. `reason` is a code.
struct Suspend {
    std::string reason;
};
struct Resume {};
/// Goes on in another version of the process: the definition that is given with this command. What stands on an element
/// that is not named in `elements` stands on the one of the same id there. Refused as a whole when one of them is not
/// there or is of another kind, stands in another scope, or a join or subscription would lose what it waits for.
struct Migrate {
    boost::json::object elements;
};
/// The calendar of the office has changed: sets the variables that hang on it, and computes again when the timers are
/// due that count working days or read one of these variables, from the moment they began. Others, those that repeat
/// and those of the process itself stay as they are. Also while suspended. Refused with `bpmn.timers_stand` when
/// nothing comes of it.
struct RecomputeTimers {
    boost::json::object variables;
};
/// Ends the instance and everything open in it. `reason` is a code, for the record.
struct Cancel {
    std::string reason;
};
using Command = std::variant<Start, CompleteTask, CompleteJob, FailJob, ThrowError, Escalate, FireTimer,
                             CorrelateMessage, BroadcastSignal, SetVariables, ResolveIncident, MoveTokens, AddInstance,
                             RemoveInstance, Suspend, Resume, Migrate, RecomputeTimers, Cancel>;

/// Past a limit nothing is lost: the token stops with an incident and goes on when that is resolved.
struct Limits {
    /// Elements that one command may enter; a loop without a waiting step ends here.
    int steps_max = 1'000;
    /// Tokens of one instance at a time.
    int tokens_max = 1'000;
};

/// Variables hold codes and ids, not content: bytes of all of them together, and how deep they may be nested.
inline constexpr std::size_t kVariablesBytesMax = 256UL * 1024UL;
inline constexpr std::size_t kVariablesDepthMax = 32;

/// Judges a command. `working_days` is what `add working days(…)` counts by (office_days.hpp). Gives the facts in order
/// (never none), to be stored and applied one after the other. Refuses, and changes nothing, with Errc::conflict and
/// `bpmn.already_started`, `bpmn.not_running`, `bpmn.task_not_open`, `bpmn.job_not_open`, `bpmn.timer_not_open`,
/// `bpmn.timer_not_due`, `bpmn.incident_not_open`, `bpmn.incident_open` (a job that failed), `bpmn.join_starved`
/// (nothing to try again), or Errc::too_large `bpmn.variables_too_large`; also `bpmn.no_such_start`,
/// `bpmn.nobody_waits`, `bpmn.move_unknown`, `bpmn.not_an_instance`, `bpmn.not_migratable`, `bpmn.suspended`,
/// `bpmn.not_suspended`. A failing expression, a gateway without a way out, a join that can't fire any more are not
/// errors: they are incidents.
Result<std::vector<Event>> decide(const Definition& definition, const State& state, const Command& command,
                                  std::int64_t now_ms, const Limits& limits = {},
                                  const feel::WorkingDays* working_days = nullptr);

/// The only function that changes a State. Throws std::logic_error when the event does not belong to the state.
void apply(State& state, const Event& event);

}  // namespace kaigong::bpmn
