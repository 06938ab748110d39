// The facts of an instance. An event that was released never changes its shape: a new shape is a new version, and
// `apply` knows all of them (golden files in tests/engine/golden hold every one).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/place.hpp"

namespace kaigong::bpmn {

inline constexpr int kEventVersion = 1;

struct InstanceStarted {
    std::string process;
    boost::json::object variables;
    static constexpr std::string_view kName = "instance_started";
    static constexpr auto kMembers =
        std::tuple("process", &InstanceStarted::process, "variables", &InstanceStarted::variables);
};

struct VariablesSet {
    boost::json::object variables;
    static constexpr std::string_view kName = "variables_set";
    static constexpr auto kMembers = std::tuple("variables", &VariablesSet::variables);
};

/// A token came to an element, over a flow (empty: the start event, or a boundary timer that fired).
struct TokenArrived {
    std::int64_t token = 0;
    std::string element;
    /// Token of the sub-process around it; 0 at the top.
    std::int64_t scope = 0;
    std::string flow;
    static constexpr std::string_view kName = "token_arrived";
    static constexpr auto kMembers = std::tuple("token", &TokenArrived::token, "element", &TokenArrived::element,
                                                "scope", &TokenArrived::scope, "flow", &TokenArrived::flow);
};

struct TaskOpened {
    std::int64_t token = 0;
    std::string element;
    static constexpr std::string_view kName = "task_opened";
    static constexpr auto kMembers = std::tuple("token", &TaskOpened::token, "element", &TaskOpened::element);
};

struct TaskCompleted {
    std::int64_t token = 0;
    std::string element;
    static constexpr std::string_view kName = "task_completed";
    static constexpr auto kMembers = std::tuple("token", &TaskCompleted::token, "element", &TaskCompleted::element);
};

/// Also when a failed job is tried again.
struct JobCreated {
    std::int64_t token = 0;
    std::string element;
    std::string job_type;
    static constexpr std::string_view kName = "job_created";
    static constexpr auto kMembers =
        std::tuple("token", &JobCreated::token, "element", &JobCreated::element, "job_type", &JobCreated::job_type);
};

struct JobCompleted {
    std::int64_t token = 0;
    std::string element;
    static constexpr std::string_view kName = "job_completed";
    static constexpr auto kMembers = std::tuple("token", &JobCompleted::token, "element", &JobCompleted::element);
};

struct ScopeOpened {
    std::int64_t token = 0;
    std::string element;
    static constexpr std::string_view kName = "scope_opened";
    static constexpr auto kMembers = std::tuple("token", &ScopeOpened::token, "element", &ScopeOpened::element);
};

/// No token is left inside the sub-process.
struct ScopeEmptied {
    std::int64_t token = 0;
    std::string element;
    static constexpr std::string_view kName = "scope_emptied";
    static constexpr auto kMembers = std::tuple("token", &ScopeEmptied::token, "element", &ScopeEmptied::element);
};

/// The token waits at a join for those of the other flows.
struct TokenJoined {
    std::int64_t token = 0;
    std::string element;
    static constexpr std::string_view kName = "token_joined";
    static constexpr auto kMembers = std::tuple("token", &TokenJoined::token, "element", &TokenJoined::element);
};

/// `token` goes on alone; the `consumed` are gone.
struct JoinFired {
    std::int64_t token = 0;
    std::string element;
    std::vector<std::int64_t> consumed;
    static constexpr std::string_view kName = "join_fired";
    static constexpr auto kMembers =
        std::tuple("token", &JoinFired::token, "element", &JoinFired::element, "consumed", &JoinFired::consumed);
};

struct TimerScheduled {
    std::int64_t timer = 0;
    /// The boundary event, and the token of the activity it sits on.
    std::string element;
    std::int64_t token = 0;
    std::int64_t due_at_ms = 0;
    static constexpr std::string_view kName = "timer_scheduled";
    static constexpr auto kMembers =
        std::tuple("timer", &TimerScheduled::timer, "element", &TimerScheduled::element, "token",
                   &TimerScheduled::token, "due_at_ms", &TimerScheduled::due_at_ms);
};

struct TimerFired {
    std::int64_t timer = 0;
    std::string element;
    static constexpr std::string_view kName = "timer_fired";
    static constexpr auto kMembers = std::tuple("timer", &TimerFired::timer, "element", &TimerFired::element);
};

struct TimerCancelled {
    std::int64_t timer = 0;
    std::string element;
    static constexpr std::string_view kName = "timer_cancelled";
    static constexpr auto kMembers = std::tuple("timer", &TimerCancelled::timer, "element", &TimerCancelled::element);
};

/// The token is gone from the element; a TokenArrived follows for each flow taken.
struct ElementCompleted {
    std::int64_t token = 0;
    std::string element;
    std::vector<std::string> flows;
    static constexpr std::string_view kName = "element_completed";
    static constexpr auto kMembers = std::tuple("token", &ElementCompleted::token, "element",
                                                &ElementCompleted::element, "flows", &ElementCompleted::flows);
};

/// `cause` is the element that ended it (a boundary timer, a terminate end event), or the reason of a Cancel. The
/// token's incidents are gone with it.
struct TokenCancelled {
    std::int64_t token = 0;
    std::string element;
    std::string cause;
    static constexpr std::string_view kName = "token_cancelled";
    static constexpr auto kMembers = std::tuple("token", &TokenCancelled::token, "element", &TokenCancelled::element,
                                                "cause", &TokenCancelled::cause);
};

/// `code` as in `bpmn.expression_failed`; `message` for the person who repairs it, Chinese, without variable values.
struct IncidentRaised {
    std::int64_t incident = 0;
    std::int64_t token = 0;
    std::string element;
    std::string code;
    std::string message;
    static constexpr std::string_view kName = "incident_raised";
    static constexpr auto kMembers =
        std::tuple("incident", &IncidentRaised::incident, "token", &IncidentRaised::token, "element",
                   &IncidentRaised::element, "code", &IncidentRaised::code, "message", &IncidentRaised::message);
};

struct IncidentResolved {
    std::int64_t incident = 0;
    std::int64_t token = 0;
    static constexpr std::string_view kName = "incident_resolved";
    static constexpr auto kMembers =
        std::tuple("incident", &IncidentResolved::incident, "token", &IncidentResolved::token);
};

struct InstanceCompleted {
    static constexpr std::string_view kName = "instance_completed";
    static constexpr auto kMembers = std::tuple();
};

struct InstanceCancelled {
    std::string reason;
    static constexpr std::string_view kName = "instance_cancelled";
    static constexpr auto kMembers = std::tuple("reason", &InstanceCancelled::reason);
};

/// Variables that are seen inside one scope only. `scope` is its token.
struct ScopeVariablesSet {
    std::int64_t scope = 0;
    boost::json::object variables;
    static constexpr std::string_view kName = "scope_variables_set";
    static constexpr auto kMembers =
        std::tuple("scope", &ScopeVariablesSet::scope, "variables", &ScopeVariablesSet::variables);
};

/// What a called process sees from its beginning: copies of what is seen around the call.
struct VariablesPassed {
    std::int64_t token = 0;
    boost::json::object variables;
    static constexpr std::string_view kName = "variables_passed";
    static constexpr auto kMembers =
        std::tuple("token", &VariablesPassed::token, "variables", &VariablesPassed::variables);
};

/// A token came that begins with variables of its own: an instance of a repeated activity (`number` from 1), or an
/// activity that undoes another (0).
struct InstanceArrived {
    std::int64_t token = 0;
    std::string element;
    std::int64_t scope = 0;
    std::int64_t number = 0;
    boost::json::object variables;
    static constexpr std::string_view kName = "instance_arrived";
    static constexpr auto kMembers = std::tuple("token", &InstanceArrived::token, "element", &InstanceArrived::element,
                                                "scope", &InstanceArrived::scope, "number", &InstanceArrived::number,
                                                "variables", &InstanceArrived::variables);
};

/// It waits for what its timers and subscriptions say.
struct TokenWaiting {
    std::int64_t token = 0;
    std::string element;
    static constexpr std::string_view kName = "token_waiting";
    static constexpr auto kMembers = std::tuple("token", &TokenWaiting::token, "element", &TokenWaiting::element);
};

struct RepeatOpened {
    std::int64_t token = 0;
    std::string element;
    bool sequential = false;
    boost::json::array items;
    static constexpr std::string_view kName = "repeat_opened";
    static constexpr auto kMembers = std::tuple("token", &RepeatOpened::token, "element", &RepeatOpened::element,
                                                "sequential", &RepeatOpened::sequential, "items", &RepeatOpened::items);
};

/// One more instance was asked for.
struct RepeatExtended {
    std::int64_t token = 0;
    std::string element;
    boost::json::value item;
    static constexpr std::string_view kName = "repeat_extended";
    static constexpr auto kMembers =
        std::tuple("token", &RepeatExtended::token, "element", &RepeatExtended::element, "item", &RepeatExtended::item);
};

/// What instance `number` leaves for the collection of results.
struct RepeatResult {
    std::int64_t token = 0;
    std::int64_t number = 0;
    boost::json::value value;
    static constexpr std::string_view kName = "repeat_result";
    static constexpr auto kMembers =
        std::tuple("token", &RepeatResult::token, "number", &RepeatResult::number, "value", &RepeatResult::value);
};

/// A timer that fires `left` times more after this one (-1: for ever).
struct CycleScheduled {
    std::int64_t timer = 0;
    std::string element;
    std::int64_t token = 0;
    std::int64_t due_at_ms = 0;
    std::int64_t left = 0;
    static constexpr std::string_view kName = "cycle_scheduled";
    static constexpr auto kMembers =
        std::tuple("timer", &CycleScheduled::timer, "element", &CycleScheduled::element, "token",
                   &CycleScheduled::token, "due_at_ms", &CycleScheduled::due_at_ms, "left", &CycleScheduled::left);
};

struct SubscriptionOpened {
    std::int64_t subscription = 0;
    std::string element;
    std::int64_t token = 0;
    std::string name;
    std::string key;
    static constexpr std::string_view kName = "subscription_opened";
    static constexpr auto kMembers =
        std::tuple("subscription", &SubscriptionOpened::subscription, "element", &SubscriptionOpened::element, "token",
                   &SubscriptionOpened::token, "name", &SubscriptionOpened::name, "key", &SubscriptionOpened::key);
};

struct SubscriptionClosed {
    std::int64_t subscription = 0;
    std::string element;
    static constexpr std::string_view kName = "subscription_closed";
    static constexpr auto kMembers =
        std::tuple("subscription", &SubscriptionClosed::subscription, "element", &SubscriptionClosed::element);
};

/// A condition that may come true again, and how it stands.
struct ConditionLookedAt {
    std::int64_t subscription = 0;
    std::string element;
    bool fulfilled = false;
    static constexpr std::string_view kName = "condition_looked_at";
    static constexpr auto kMembers =
        std::tuple("subscription", &ConditionLookedAt::subscription, "element", &ConditionLookedAt::element,
                   "fulfilled", &ConditionLookedAt::fulfilled);
};

/// `element` caught what has that name (message, signal), code (error, escalation), or came true (condition: empty).
struct EventCaught {
    std::string element;
    std::string trigger;
    std::string name;
    static constexpr std::string_view kName = "event_caught";
    static constexpr auto kMembers =
        std::tuple("element", &EventCaught::element, "trigger", &EventCaught::trigger, "name", &EventCaught::name);
};

/// `key` and `variables` are a message's. Others than this instance may have to hear of it.
struct EventThrown {
    std::int64_t token = 0;
    std::string element;
    std::string trigger;
    std::string name;
    std::string key;
    boost::json::object variables;
    static constexpr std::string_view kName = "event_thrown";
    static constexpr auto kMembers =
        std::tuple("token", &EventThrown::token, "element", &EventThrown::element, "trigger", &EventThrown::trigger,
                   "name", &EventThrown::name, "key", &EventThrown::key, "variables", &EventThrown::variables);
};

struct CompensationRecorded {
    std::int64_t record = 0;
    std::string element;
    std::int64_t scope = 0;
    boost::json::object variables;
    static constexpr std::string_view kName = "compensation_recorded";
    static constexpr auto kMembers =
        std::tuple("record", &CompensationRecorded::record, "element", &CompensationRecorded::element, "scope",
                   &CompensationRecorded::scope, "variables", &CompensationRecorded::variables);
};

/// What was recorded inside `token` now belongs to `scope`.
struct CompensationKept {
    std::int64_t token = 0;
    std::string element;
    std::int64_t scope = 0;
    static constexpr std::string_view kName = "compensation_kept";
    static constexpr auto kMembers = std::tuple("token", &CompensationKept::token, "element",
                                                &CompensationKept::element, "scope", &CompensationKept::scope);
};

/// `token` undoes these, one after the other.
struct CompensationAsked {
    std::int64_t token = 0;
    std::vector<std::int64_t> records;
    static constexpr std::string_view kName = "compensation_asked";
    static constexpr auto kMembers =
        std::tuple("token", &CompensationAsked::token, "records", &CompensationAsked::records);
};

struct CompensationTaken {
    std::int64_t record = 0;
    std::string element;
    static constexpr std::string_view kName = "compensation_taken";
    static constexpr auto kMembers =
        std::tuple("record", &CompensationTaken::record, "element", &CompensationTaken::element);
};

struct InstanceSuspended {
    std::string reason;
    static constexpr std::string_view kName = "instance_suspended";
    static constexpr auto kMembers = std::tuple("reason", &InstanceSuspended::reason);
};

struct InstanceResumed {
    static constexpr std::string_view kName = "instance_resumed";
    static constexpr auto kMembers = std::tuple();
};

/// Old element ids to those of the new definition; flows are named likewise.
struct InstanceMigrated {
    std::string process;
    boost::json::object elements;
    boost::json::object flows;
    static constexpr std::string_view kName = "instance_migrated";
    static constexpr auto kMembers = std::tuple("process", &InstanceMigrated::process, "elements",
                                                &InstanceMigrated::elements, "flows", &InstanceMigrated::flows);
};

/// When the activity of `token` is done, its way goes on at these places and not over its flows.
struct DetourSet {
    std::int64_t token = 0;
    std::string element;
    std::vector<Place> places;
    static constexpr std::string_view kName = "detour_set";
    static constexpr auto kMembers =
        std::tuple("token", &DetourSet::token, "element", &DetourSet::element, "places", &DetourSet::places);
};

using Fact =
    std::variant<InstanceStarted, VariablesSet, TokenArrived, TaskOpened, TaskCompleted, JobCreated, JobCompleted,
                 ScopeOpened, ScopeEmptied, TokenJoined, JoinFired, TimerScheduled, TimerFired, TimerCancelled,
                 ElementCompleted, TokenCancelled, IncidentRaised, IncidentResolved, InstanceCompleted,
                 InstanceCancelled, ScopeVariablesSet, InstanceArrived, TokenWaiting, RepeatOpened, RepeatExtended,
                 RepeatResult, CycleScheduled, SubscriptionOpened, SubscriptionClosed, ConditionLookedAt, EventCaught,
                 EventThrown, CompensationRecorded, CompensationKept, CompensationAsked, CompensationTaken,
                 InstanceSuspended, InstanceResumed, InstanceMigrated, DetourSet, VariablesPassed>;

struct Event {
    std::int64_t at_ms = 0;
    Fact fact;
};

/// `task_opened` …, as it stands in JSON.
std::string_view event_name(const Event& event);

/// `{"event":"task_opened","version":1,"at_ms":…,"token":3,"element":"accept"}`
boost::json::object event_to_json(const Event& event);
/// Fails with `bpmn.event_unknown` (name or version) and `bpmn.event_malformed`.
Result<Event> event_from_json(const boost::json::value& json);

}  // namespace kaigong::bpmn
