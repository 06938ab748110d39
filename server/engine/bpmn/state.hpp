// Where an instance stands. Only `apply` (bpmn.hpp) changes it; everything else reads, saves and restores.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/place.hpp"

namespace kaigong::bpmn {

inline constexpr int kStateVersion = 4;

enum class Status { not_started, running, completed, cancelled };
std::string_view to_string(Status status);
std::optional<Status> status_from(std::string_view name);

/// What a token does at its element.
enum class Phase {
    arrived,  // not worked on yet: only together with an incident once a command is done
    task,     // a user task is open
    job,      // a job is open, or failed when there is an incident
    waiting,  // waits for a message, signal, timer or condition
    inside,   // tokens run inside this sub-process, called process or repetition
    joining,  // waits for the tokens of other flows
    leaving,  // done, but no way out yet: only together with an incident
};
std::string_view to_string(Phase phase);
std::optional<Phase> phase_from(std::string_view name);

struct Token {
    std::string element;
    /// Token of the sub-process around it; 0 at the top.
    std::int64_t scope = 0;
    /// The flow it came over; empty at a start event and after a boundary timer.
    std::string flow;
    Phase phase = Phase::arrived;
    std::int64_t since_ms = 0;
    /// Which of the instances of a repeated activity, from 1; 0 for all others.
    std::int64_t number = 0;
    /// Seen from here and from inside only.
    boost::json::object variables;
    /// Of a called process: those of them that it was given and has not changed. Only what it changed goes back, so
    /// that what others changed meanwhile stays.
    std::vector<std::string> passed;
};

struct Timer {
    /// The event.
    std::string element;
    /// Token of the activity it sits on, of the event itself, of the gateway before it, or of the scope of an event
    /// sub-process (0: the process).
    std::int64_t token = 0;
    std::int64_t due_at_ms = 0;
    /// How often it fires after this time: -1 for ever.
    std::int64_t left = 0;

    bool operator==(const Timer&) const = default;
};

/// Something outside, or another branch, has to happen.
struct Subscription {
    /// The event, or the receive task.
    std::string element;
    /// As for a timer.
    std::int64_t token = 0;
    /// Name of the message or signal; empty for a condition.
    std::string name;
    /// Correlation key of a message, as text; empty when it needs none.
    std::string key;
    /// Of a condition that may happen again: it was true when last looked at.
    bool fulfilled = false;

    bool operator==(const Subscription&) const = default;
};

/// An activity that is done several times, by the token around its instances.
struct Repeat {
    bool sequential = false;
    /// What the instances are given, in order; null where they are only counted.
    boost::json::array items;
    std::int64_t started = 0;
    std::int64_t completed = 0;
    /// Removed by hand.
    std::int64_t dropped = 0;
    boost::json::array results;
};

/// A completed activity that can be undone.
struct Compensable {
    std::string element;
    /// Token of the scope it was done in, 0 at the top. In a completed sub-process that undoes itself in its own way:
    /// the record of that sub-process.
    std::int64_t scope = 0;
    /// Completed sub-processes around it, innermost first.
    std::vector<std::string> within;
    /// Those that it saw as its own and its completed scopes' own, as they were then.
    boost::json::object variables;
    /// The token that compensates, 0 while nobody does.
    std::int64_t asked_by = 0;
};

/// Where the way goes on when an activity is done, instead of over its flows.
struct Detour {
    std::vector<Place> places;
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
    /// Tokens, timers, subscriptions, incidents and records share one counter, so a key names one thing for ever.
    std::int64_t next_key = 1;
    std::map<std::int64_t, Token> tokens;
    std::map<std::int64_t, Timer> timers;
    std::map<std::int64_t, Subscription> subscriptions;
    std::map<std::int64_t, Incident> incidents;
    /// By the token around the instances.
    std::map<std::int64_t, Repeat> repeats;
    std::map<std::int64_t, Compensable> compensable;
    /// By the token of the activity.
    std::map<std::int64_t, Detour> detours;
    /// Empty unless suspended: why.
    std::string suspended;
    boost::json::object variables;
    /// Elements that were completed at least once, in the order of the first time; for drawing the diagram.
    std::vector<std::string> completed;

    /// The incident of a token, or null.
    const Incident* incident_of(std::int64_t token) const;
    /// One of the instances of a repeated activity.
    bool is_instance(std::int64_t token) const;
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

struct OpenSubscription {
    std::int64_t subscription = 0;
    std::string element;
    std::int64_t token = 0;
    /// Empty for a condition.
    std::string name;
    std::string key;
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
    std::vector<OpenSubscription> subscriptions;
    std::vector<OpenIncident> incidents;

    bool empty() const {
        return tasks.empty() && jobs.empty() && timers.empty() && subscriptions.empty() && incidents.empty();
    }
};

Waiting waiting_for(const State& state);
/// Whether that would be empty, without making it.
bool waits_for_nothing(const State& state);

/// Ids of the elements where tokens are, each once; for drawing the diagram.
std::vector<std::string> active_elements(const State& state);

boost::json::object state_to_json(const State& state);
/// Fails with `bpmn.state_version_unknown` and `bpmn.state_malformed`.
Result<State> state_from_json(const boost::json::value& json);

}  // namespace kaigong::bpmn
