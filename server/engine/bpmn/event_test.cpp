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

/// One of each kind, in the order of the variant.
std::vector<Event> one_of_each() {
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

std::string reason_of(std::string_view text) {
    const auto event = event_from_json(boost::json::parse(text));
    return event ? "" : event.error().reason;
}

}  // namespace

TEST_CASE("released events keep their shape: each is spelled as in the golden file, and read back from it") {
    const auto events = one_of_each();
    CHECK(events.size() == std::variant_size_v<Fact>);
    std::string spelled;
    for (std::size_t i = 0; i < events.size(); ++i) {
        CHECK(events[i].fact.index() == i);
        spelled += boost::json::serialize(event_to_json(events[i])) + "\n";
    }
    CHECK(spelled == golden("events_v1.jsonl"));
    for (const Event& event : events) {
        const auto read = event_from_json(event_to_json(event));
        REQUIRE(read);
        CHECK(event_to_json(*read) == event_to_json(event));
        CHECK(read->fact.index() == event.fact.index());
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
    CHECK(boost::json::serialize(state_to_json(state)) + "\n" == text);
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
