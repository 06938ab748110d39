#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;

namespace {

Definition loop_without_a_wait() {
    return parse(model_xml(R"(
<startEvent id="start"/> <exclusiveGateway id="begin"/> <task id="t"/>
<exclusiveGateway id="g" default="g_done"/> <endEvent id="done"/>
start -> begin -> t -> g
g -> begin when again
g -> done
)"))
        .value();
}

}  // namespace

TEST_CASE("a loop without a waiting step ends in an incident, and goes on when it is told to leave") {
    TwinInstance instance(loop_without_a_wait());
    REQUIRE(instance.carry_out(Start{{{"again", true}}}, 1));
    const Waiting waiting = waiting_for(instance.state());
    REQUIRE(waiting.incidents.size() == 1);
    CHECK(waiting.incidents[0].code == "bpmn.step_limit");
    CHECK(instance.history().size() < 5'000);
    REQUIRE(instance.carry_out(ResolveIncident{waiting.incidents[0].incident, {{"again", false}}}, 2));
    CHECK(instance.state().status == Status::completed);
}

TEST_CASE("a fork inside a loop stops at the limit of tokens") {
    TwinInstance instance(parse(model_xml(R"(
<startEvent id="start"/> <exclusiveGateway id="begin"/> <parallelGateway id="fork"/> <userTask id="a"/>
start -> begin -> fork
fork -> begin
fork -> a
)"))
                              .value());
    REQUIRE(instance.carry_out(Start{}, 1, {.steps_max = 1'000, .tokens_max = 20}));
    CHECK(instance.state().tokens.size() < 30);
    CHECK(waiting_for(instance.state()).incidents.at(0).code == "bpmn.token_limit");
}

TEST_CASE("variables are codes and ids: too many bytes or too deep is refused and changes nothing") {
    TwinInstance instance(loop_without_a_wait());
    CHECK(instance.carry_out(Start{{{"x", std::string(300'000, 'x')}}}, 1).error().reason ==
          "bpmn.variables_too_large");
    boost::json::value deep = 1;
    for (int i = 0; i < 40; ++i) deep = boost::json::array{deep};
    CHECK(instance.carry_out(Start{{{"x", deep}}}, 1).error().reason == "bpmn.variables_too_large");
    CHECK(instance.state().status == Status::not_started);
}

TEST_CASE("variables that come in pieces have one limit together") {
    TwinInstance instance(parse(model_xml("<startEvent id=\"start\"/> <userTask id=\"a\"/>\nstart -> a")).value());
    REQUIRE(instance.carry_out(Start{{{"x", std::string(200'000, 'x')}}}, 1));
    const auto refused = instance.carry_out(SetVariables{{{"y", std::string(100'000, 'x')}}}, 2);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::too_large);
}

TEST_CASE("refusals say conflict, so that a client looks again") {
    TwinInstance instance(parse(model_xml("<startEvent id=\"start\"/> <userTask id=\"a\"/>\nstart -> a")).value());
    REQUIRE(instance.carry_out(Start{}, 1));
    for (const Command& command :
         {Command(CompleteTask{99, {}}), Command(CompleteJob{99, {}}), Command(FailJob{99, ""}), Command(FireTimer{99}),
          Command(ResolveIncident{99, {}}), Command(Start{})}) {
        CHECK(instance.carry_out(command, 2).error().code == Errc::conflict);
    }
}

TEST_CASE("cancelling ends everything that is open") {
    const std::string failures = run_scenarios(R"(
case with a sub-process, a timer and a waiting join
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <task id="t"/> <userTask id="a"/>
  <parallelGateway id="join"/>
  <endEvent id="e"/>
  timer late on a after P1D
  sub {
  <startEvent id="s"/> <userTask id="inner"/>
  s -> inner
  }
  start -> fork
  fork -> t -> join
  fork -> a -> join
  fork -> sub -> join
  join -> e
  late -> e
start
cancel withdrawn
expect cancelled
expect tasks
expect timers
complete a
error bpmn.not_running
)");
    CHECK(failures == "");
}

TEST_CASE("an event that does not belong to the state is a bug, not a new state") {
    State state;
    CHECK_THROWS_AS(apply(state, Event{1, TaskOpened{7, "a"}}), std::out_of_range);
    CHECK_THROWS_AS(apply(state, Event{1, ElementCompleted{7, "a", {}}}), std::logic_error);
    CHECK_THROWS_AS(apply(state, Event{1, TimerFired{7, "a"}}), std::logic_error);
    apply(state, Event{1, InstanceStarted{"p", {}}});
    CHECK_THROWS_AS(apply(state, Event{1, InstanceStarted{"p", {}}}), std::logic_error);
    apply(state, Event{1, TokenArrived{1, "a", 0, ""}});
    CHECK_THROWS_AS(apply(state, Event{1, TokenArrived{1, "a", 0, ""}}), std::logic_error);
}

TEST_CASE("dates by our own spelling are dates in conditions") {
    const std::string failures = run_scenarios(R"(
case a date compares as a date
deploy
  <startEvent id="start"/> <exclusiveGateway id="g" default="g_b"/> <userTask id="a"/> <userTask id="b"/>
  start -> g
  g -> a when received_on < date("2026-11-24") and date and time(due_at) > now()
  g -> b
start {"received_on": "2026-11-23", "due_at": "2026-12-01T00:00:00+08:00"}
expect tasks a
)");
    CHECK(failures == "");
}
