#include "engine/bpmn/event.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/bpmn/bpmn.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;

namespace {

std::string golden(const char* name) {
    std::ifstream file(std::filesystem::path(KAIGONG_SOURCE_DIR) / "tests/engine/golden" / name);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

/// One of each kind that came with the first version, in the order of the variant.
std::vector<Event> first_ones() {
    const boost::json::object variables{{"approved", true}, {"required_items", {"fire"}}};
    return {
        {1, InstanceStarted{"issue", variables}},
        {2, VariablesSet{variables}},
        {3, TokenArrived{1, "accept", 0, "f1"}},
        {4, TaskOpened{1, "accept"}},
        {5, TaskCompleted{1, "accept"}},
        {6, JobCreated{2, "record", "approval.record"}},
        {7, JobCompleted{2, "record"}},
        {8, ScopeOpened{3, "intake"}},
        {9, ScopeEmptied{3, "intake"}},
        {10, TokenJoined{4, "join"}},
        {11, JoinFired{5, "join", {4}}},
        {12, TimerScheduled{6, "intake_due", 3, 1'796'054'400'000}},
        {13, TimerFired{6, "intake_due"}},
        {14, TimerCancelled{7, "intake_due"}},
        {15, ElementCompleted{5, "join", {"f2", "f3"}}},
        {16, TokenCancelled{8, "check_fire", "intake_due"}},
        {17, IncidentRaised{9, 2, "record", "bpmn.job_failed", "打印机缺纸"}},
        {18, IncidentResolved{9, 2}},
        {19, InstanceCompleted{}},
        {20, InstanceCancelled{"withdrawn"}},
    };
}

/// Those that came with state version 2.
std::vector<Event> second_ones() {
    const boost::json::object variables{{"opinion", "agree"}};
    return {
        {21, ScopeVariablesSet{3, variables}},
        {22, InstanceArrived{4, "sign", 3, 2, variables}},
        {23, TokenWaiting{5, "wait_payment"}},
        {24, RepeatOpened{3, "sign", true, {"fire", "planning"}}},
        {25, RepeatExtended{3, "sign", "water"}},
        {26, RepeatResult{3, 2, true}},
        {27, CycleScheduled{6, "reminder", 3, 1'796'054'400'000, -1}},
        {28, SubscriptionOpened{7, "wait_payment", 5, "payment", "330106-2026-00421"}},
        {29, SubscriptionClosed{7, "wait_payment"}},
        {30, ConditionLookedAt{8, "all_there", true}},
        {31, EventCaught{"wait_payment", "message", "payment"}},
        {32, EventThrown{9, "tell", "message", "decided", "42", variables}},
        {33, CompensationRecorded{10, "reserve_number", 3, variables}},
        {34, CompensationKept{3, "issue", 0}},
        {35, CompensationAsked{11, {10, 9}}},
        {36, CompensationTaken{10, "reserve_number"}},
        {37, InstanceSuspended{"special_procedure"}},
        {38, InstanceResumed{}},
        {39, InstanceMigrated{"issue_2", {{"accept", "accept_2"}}, {{"f1", "f9"}}}},
    };
}

/// Those that came with going back.
std::vector<Event> third_ones() {
    return {
        {40, DetourSet{12,
                       "prepare",
                       {{{"review", "call"}, "check_fire", "", {}}, {{}, "join", "f7", {{{}, "decide", "", {}}}}}}},
    };
}

/// Those that came with what a called process is given.
std::vector<Event> fourth_ones() {
    return {{41, VariablesPassed{13, {{"height", 24}}}}};
}

void check_golden(const std::vector<Event>& events, const char* file) {
    std::string spelled;
    for (const Event& event : events) spelled += boost::json::serialize(event_to_json(event)) + "\n";
    CHECK(spelled == golden(file));
}

/// The state with one of everything that version 2 can hold.
State everything_of(State state) {
    state.tokens[8] = {"sign", 3, "", Phase::inside, 7, 0, {}, {}};
    state.tokens[9] = {"sign", 8, "", Phase::task, 7, 1, {{"loopCounter", 1}}, {}};
    state.timers[10] = {"reminder", 9, 1'796'054'400'000, -1};
    state.subscriptions[11] = {"wait_payment", 9, "payment", "42", true};
    state.repeats[8] = {true, {"fire", "water"}, 1, 0, 1, {nullptr, "agree"}};
    state.compensable[12] = {"reserve", 0, {"numbers"}, {{"x", 1}}, 9};
    state.suspended = "special_procedure";
    return state;
}

std::string reason_of(std::string_view text) {
    const auto event = event_from_json(boost::json::parse(text));
    return event ? "" : event.error().reason;
}

}  // namespace

TEST_CASE("released events keep their shape: each is spelled as in the golden file, and read back from it") {
    auto events = first_ones();
    check_golden(events, "events_v1.jsonl");
    const auto more = second_ones();
    check_golden(more, "events_of_state_v2.jsonl");
    events.insert(events.end(), more.begin(), more.end());
    const auto returning = third_ones();
    check_golden(returning, "events_of_state_v3.jsonl");
    events.insert(events.end(), returning.begin(), returning.end());
    const auto passing = fourth_ones();
    check_golden(passing, "events_of_state_v4.jsonl");
    events.insert(events.end(), passing.begin(), passing.end());
    CHECK(events.size() == std::variant_size_v<Fact>);
    for (std::size_t i = 0; i < events.size(); ++i) {
        CHECK(events[i].fact.index() == i);
        const auto read = event_from_json(event_to_json(events[i]));
        REQUIRE(read);
        CHECK(event_to_json(*read) == event_to_json(events[i]));
        CHECK(read->fact.index() == i);
    }
}

TEST_CASE("an event of a newer program and a damaged one are refused, not guessed") {
    CHECK(reason_of(R"({"event":"task_opened","version":2,"at_ms":1,"token":1,"element":"a"})") ==
          "bpmn.event_unknown");
    CHECK(reason_of(R"({"event":"task_painted","version":1,"at_ms":1})") == "bpmn.event_unknown");
    CHECK(reason_of(R"({"event":"task_opened","version":1,"at_ms":1,"token":"1","element":"a"})") ==
          "bpmn.event_malformed");
    CHECK(reason_of(R"({"event":"task_opened","version":1,"at_ms":1,"element":"a"})") == "bpmn.event_malformed");
    CHECK(reason_of(R"({"event":"join_fired","version":1,"at_ms":1,"token":1,"element":"a","consumed":["x"]})") ==
          "bpmn.event_malformed");
    CHECK(reason_of(R"({"version":1,"at_ms":1})") == "bpmn.event_malformed");
    CHECK(reason_of("[]") == "bpmn.event_malformed");
}

TEST_CASE("a saved state keeps its shape and is read for ever") {
    const std::string text = golden("state_v1.json");
    const State state = state_from_json(boost::json::parse(text)).value();
    CHECK(state.status == Status::running);
    CHECK(state.tokens.at(3).phase == Phase::inside);
    CHECK(state.timers.at(4).due_at_ms == 1'796'054'400'000);
    CHECK(state.incident_of(6)->code == "bpmn.job_failed");
    CHECK(state.completed == std::vector<std::string>{"start"});
    CHECK(waiting_for(state).tasks.size() == 1);
    CHECK(waiting_for(state).jobs.empty());
    CHECK(active_elements(state) == std::vector<std::string>{"intake", "check_fire", "receive"});
    const std::string saved = golden("state_v2.json");
    CHECK(boost::json::serialize(state_to_json(everything_of(state))) + "\n" == saved);
    CHECK(state_from_json(boost::json::parse(saved)).value() == everything_of(state));
    State sent_back = state;
    sent_back.detours[5] = {{{{"review"}, "check_fire", "", {}}, {{}, "join", "f7", {{{}, "decide", "", {}}}}}};
    const std::string third = golden("state_v3.json");
    CHECK(boost::json::serialize(state_to_json(sent_back)) + "\n" == third);
    CHECK(state_from_json(boost::json::parse(third)).value() == sent_back);
    State called = sent_back;
    called.tokens.at(3).variables = {{"height", 24}, {"name", "a"}};
    called.tokens.at(3).passed = {"height"};
    const std::string fourth = golden("state_v4.json");
    CHECK(boost::json::serialize(state_to_json(called)) + "\n" == fourth);
    CHECK(state_from_json(boost::json::parse(fourth)).value() == called);
}

TEST_CASE("a damaged state is refused") {
    const auto reason = [](std::string_view text) {
        const auto state = state_from_json(boost::json::parse(text));
        return state ? std::string() : state.error().reason;
    };
    CHECK(reason("[]") == "bpmn.state_malformed");
    CHECK(reason("{}") == "bpmn.state_malformed");
    CHECK(reason(R"({"version":9})") == "bpmn.state_version_unknown");
    const std::string start =
        R"({"version":1,"process":"p","status":"running","next_key":1,"variables":{},"completed":[])";
    CHECK(reason(start + "}").empty());
    CHECK(reason(start + R"(,"tokens":[{"token":1}]})") == "bpmn.state_malformed");
    CHECK(reason(start + R"(,"timers":{}})") == "bpmn.state_malformed");
    CHECK(reason(R"({"version":1,"process":"p","status":"odd","next_key":1,"variables":{},"completed":[]})") ==
          "bpmn.state_malformed");
}
