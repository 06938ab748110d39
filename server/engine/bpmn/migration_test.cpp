#include "engine/bpmn/bpmn.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "engine/bpmn/returning.hpp"
#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;

namespace {

constexpr std::int64_t kNowMs = 1'795'395'600'000;

Definition model(std::string_view lines) {
    return parse(model_xml(lines)).value();
}

constexpr std::string_view kOld = R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <parallelGateway id="join"/>
<userTask id="decide"/>
start -> fork
fork -> a -> join
fork -> b -> join
join -> decide
timer late on b after P5D
late -> decide)";

/// The old process with `a` done: a token waits at the join, `b` and its timer are open.
State waiting_at_join() {
    const Definition definition = model(kOld);
    State state;
    const auto carry_out = [&](const Command& command) {
        const auto events = decide(definition, state, command, kNowMs).value();
        for (const Event& event : events) apply(state, event);
    };
    carry_out(Start{});
    carry_out(CompleteTask{waiting_for(state).tasks.front().token, {}});
    return state;
}

std::vector<std::string> refused(const State& state, std::string_view target, boost::json::object elements = {}) {
    const auto events = decide(model(target), state, Migrate{std::move(elements)}, kNowMs);
    std::vector<std::string> fields;
    if (events) return fields;
    CHECK(events.error().reason == "bpmn.not_migratable");
    for (const auto& field : events.error().fields) fields.push_back(field.field);
    return fields;
}

}  // namespace

TEST_CASE("a running instance goes on in a new version, with its timers and what waits at a join") {
    State state = waiting_at_join();
    const Definition target = model(R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="review"/>
<parallelGateway id="join"/> <userTask id="recheck"/> <userTask id="decide"/>
start -> fork
fork -> a -> join
fork -> review
<sequenceFlow id="b_join" sourceRef="review" targetRef="join"/>
join -> recheck -> decide
timer overdue on review after P9D
overdue -> decide)");
    const auto events = decide(target, state, Migrate{{{"b", "review"}, {"late", "overdue"}}}, kNowMs).value();
    CHECK(events.size() == 1);
    for (const Event& event : events) apply(state, event);
    const Waiting waiting = waiting_for(state);
    CHECK(waiting.tasks.front().element == "review");
    CHECK(waiting.timers.front().element == "overdue");
    const auto more = decide(target, state, CompleteTask{waiting.tasks.front().token, {}}, kNowMs).value();
    for (const Event& event : more) apply(state, event);
    CHECK(waiting_for(state).tasks.front().element == "recheck");
    CHECK(waiting_for(state).timers.empty());
}

TEST_CASE("what can't go on is named, and nothing goes") {
    const State state = waiting_at_join();
    // The task is gone, and its timer.
    CHECK(refused(state, R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <parallelGateway id="join"/> <endEvent id="z"/> <userTask id="c"/>
start -> fork
fork -> a -> join
fork -> c -> join
join -> z)") == std::vector<std::string>{"b", "late"});
    // It became a service task.
    CHECK(refused(state, R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <serviceTask id="b"/> <parallelGateway id="join"/> <endEvent id="z"/>
start -> fork
fork -> a -> join
fork -> b -> join
timer late on b after P5D
late -> a
join -> z)") == std::vector<std::string>{"b"});
    // It moved into a sub-process.
    CHECK(refused(state, R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <parallelGateway id="join"/> <endEvent id="z"/>
sub {
<startEvent id="s"/> <userTask id="b"/>
s -> b
timer late on b after P5D
late -> e
<endEvent id="e"/>
}
start -> fork
fork -> a -> join
fork -> sub -> join
join -> z)") == std::vector<std::string>{"b"});
    // The join has other ways in.
    CHECK(refused(state, R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <userTask id="x"/>
<parallelGateway id="join"/> <endEvent id="z"/>
start -> fork
fork -> a -> x -> join
fork -> b -> join
timer late on b after P5D
late -> x
join -> z)") == std::vector<std::string>{"join"});
    CHECK(refused(state, kOld, {{"b", "nowhere"}}) == std::vector<std::string>{"b", "b"});
    CHECK(refused(state, kOld).empty());
}

TEST_CASE("where a case that was sent back goes straight on is found in the new version, or the migration is refused") {
    const Definition definition = model(kOld);
    State state = waiting_at_join();
    const auto carry_out = [&](const Definition& version, const Command& command) {
        const auto events = decide(version, state, command, kNowMs).value();
        for (const Event& event : events) apply(state, event);
    };
    carry_out(definition, CompleteTask{waiting_for(state).tasks.front().token, {}});
    const std::int64_t decide_task = waiting_for(state).tasks.front().token;
    carry_out(definition, plan_return(definition, state, decide_task, "a", Onward::straight, "returned").value());
    constexpr std::string_view kWithoutDecide = R"(<startEvent id="start"/> <userTask id="a"/>
start -> a)";
    CHECK(refused(state, kWithoutDecide) == std::vector<std::string>{"decide"});
    const Definition target = model(R"(<startEvent id="start"/> <userTask id="a"/> <userTask id="last"/>
start -> a
a -> last)");
    carry_out(target, Migrate{{{"decide", "last"}}});
    carry_out(target, CompleteTask{waiting_for(state).tasks.front().token, {}});
    CHECK(waiting_for(state).tasks.front().element == "last");
}
