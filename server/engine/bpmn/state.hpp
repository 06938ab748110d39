// Where an instance stands. Only `apply` (bpmn.hpp) changes it; everything else reads, saves and restores.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::bpmn {

inline constexpr int kStateVersion = 1;

enum class Status { not_started, running, completed, cancelled };
std::string_view to_string(Status status);

/// What a token does at its element.
enum class Phase {
    arrived,  // not worked on yet: only together with an incident once a command is done
    task,     // a user task is open
    job,      // a job is open, or failed when there is an incident
    inside,   // tokens run inside this sub-process
    joining,  // waits for the tokens of other flows
    leaving,  // done, but no way out yet: only together with an incident
};
std::string_view to_string(Phase phase);

struct Token {
    std::string element;
    /// Token of the sub-process around it; 0 at the top.
    std::int64_t scope = 0;
    /// The flow it came over; empty at a start event and after a boundary timer.
    std::string flow;
    Phase phase = Phase::arrived;
    std::int64_t since_ms = 0;

    bool operator==(const Token&) const = default;
};

struct Timer {
    /// The boundary event.
    std::string element;
    /// Token of the activity it sits on.
    std::int64_t token = 0;
    std::int64_t due_at_ms = 0;

    bool operator==(const Timer&) const = default;
};

struct Incident {
    std::int64_t token = 0;
    std::string element;
    std::string code;
    std::string message;
    std::int64_t since_ms = 0;

    bool operator==(const Incident&) const = default;
};

struct State {
    std::string process;
    Status status = Status::not_started;
    /// Tokens, timers and incidents share one counter, so a key names one thing for ever.
    std::int64_t next_key = 1;
    std::map<std::int64_t, Token> tokens;
    std::map<std::int64_t, Timer> timers;
    std::map<std::int64_t, Incident> incidents;
    boost::json::object variables;
    /// Elements that were completed at least once, in the order of the first time; for drawing the diagram.
    std::vector<std::string> completed;

    /// The incident of a token, or null.
    const Incident* incident_of(std::int64_t token) const;
};

bool operator==(const State& left, const State& right);

struct OpenTask {
    std::int64_t token = 0;
    std::string element;
    std::int64_t since_ms = 0;
};
using OpenJob = OpenTask;

struct OpenTimer {
    std::int64_t timer = 0;
    std::string element;
    /// The open task, job or sub-process it sits on.
    std::int64_t token = 0;
    std::int64_t due_at_ms = 0;
};

struct OpenIncident {
    std::int64_t incident = 0;
    std::int64_t token = 0;
    std::string element;
    std::string code;
    std::string message;
    std::int64_t since_ms = 0;
};

/// What has to happen before the instance goes on. A running instance always waits for something.
struct Waiting {
    std::vector<OpenTask> tasks;
    std::vector<OpenJob> jobs;
    /// By due instant, earliest first.
    std::vector<OpenTimer> timers;
    std::vector<OpenIncident> incidents;

    bool empty() const { return tasks.empty() && jobs.empty() && timers.empty() && incidents.empty(); }
};

Waiting waiting_for(const State& state);

/// Ids of the elements where tokens are, each once; for drawing the diagram.
std::vector<std::string> active_elements(const State& state);

boost::json::object state_to_json(const State& state);
/// Fails with `bpmn.state_version_unknown` and `bpmn.state_malformed`.
Result<State> state_from_json(const boost::json::value& json);

}  // namespace kaigong::bpmn
