// Runs the processes of a file in virtual time by a plan made before: who completes what, what arrives, how far the
// clock is moved.
// Pure like the engine: the same definition, plan and start give the same trace. Not for: running instances that are
// stored (modules/approval), proving what can never happen.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/bpmn.hpp"

namespace kaigong::bpmn {

/// What somebody will do with the oldest open task or job of an element, once there is one.
struct Completion {
    std::string element;
    boost::json::object variables;
    /// Raises the BPMN error of this code instead of completing.
    std::optional<std::string> error_code;
};

/// A message or signal from outside.
struct Delivery {
    std::string name;
    boost::json::object variables;
};

/// Whole months first, then exact time, as ISO 8601 has it.
struct Advance {
    std::int64_t months = 0;
    std::int64_t ms = 0;
};

/// The result of the decision of a business-rule task.
using EvaluateDecision = std::function<Result<boost::json::value>(
    const Element& task, const boost::json::object& variables, std::int64_t now_ms)>;

struct SimulationPlan {
    boost::json::object variables = {};
    /// Every task and job that opens is completed at once, without variables.
    bool completes_all = false;
    /// One after the other: an entry waits until a task or job of its element is open, and the next waits for it. Once
    /// the clock stands still for good, entries that wait in vain no longer hold up the others.
    std::vector<Completion> script = {};
    /// Each is delivered once, as soon as something waits for it; the first for which there is a start event begins the
    /// process. The correlation key of a message is what the key's expression gives on its variables; a message that
    /// gives none fits whoever waits for its name.
    std::vector<Delivery> messages = {};
    std::vector<Delivery> signals = {};
    /// Every timer that is due on the way fires at its instant, and what can go on then goes on.
    std::vector<Advance> advances = {};
    bool ends_at_incident = false;
    /// For `add working days(…)`; without it such an expression is null.
    const feel::WorkingDays* working_days = nullptr;
    /// Empty: business-rule tasks are jobs like all others.
    EvaluateDecision evaluate_decision = {};
};

struct ProcessEnd {
    std::string process;
    /// `not_begun`, `completed`, `waiting` or `incident`.
    std::string_view end;
    boost::json::object variables;
};

struct SimulationEnd {
    /// `completed` (all that began), `waiting`, `incident` or `error`.
    std::string_view end;
    /// Of the first process.
    boost::json::object variables;
    /// Elements of the script's entries for which nothing was ever open, in order.
    std::vector<std::string> unused;
    /// Names of the messages and signals that nothing waited for.
    std::vector<std::string> undelivered;
    /// Why the end is `error`: a command that was refused, an incident that ends the run.
    std::optional<Error> error;
    /// Where several processes were run: each in the order of the file.
    std::vector<ProcessEnd> processes;
};

using TraceSink = std::function<void(const boost::json::object& line)>;

/// Commands of one run: a loop that never waits for the clock ends here.
inline constexpr int kSimulationCommandsMax = 10'000;

/// Gives each line of the trace (simulation_trace.hpp) to `trace` as it happens, and the end. Of several processes each
/// is run once: one that only a message or signal begins waits for it, and if all do, the first begins at once. A
/// message that a process sends waits for another process to take it.
SimulationEnd simulate(const std::vector<Definition>& processes, const SimulationPlan& plan, std::int64_t start_ms,
                       const TraceSink& trace);

/// `[{"element","variables"|"error"}]`. Fails with `bpmn.script_malformed`, which names the entry.
Result<std::vector<Completion>> completions_from_json(const boost::json::value& json);

/// `P2D`, `PT90M`, `P1M`. Fails with `bpmn.advance_malformed`; a duration of the past is one, too.
Result<Advance> advance_from_text(std::string_view text);

}  // namespace kaigong::bpmn
