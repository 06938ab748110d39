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

TEST_CASE("tokens are moved to another activity or gateway of their own scope, and nowhere else") {
    const std::string failures = run_scenarios(R"(
case back to an earlier task
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/> <userTask id="c"/>
  timer over on c after P1D
  start -> a -> b -> c
  over -> a
start
complete a
complete b
expect timers over
move c to a returned
expect tasks a
expect timers
expect events timer_cancelled token_cancelled token_arrived task_opened
complete a
complete b
expect tasks c
expect timers over

case one branch alone, and the join waits for its second coming
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="a2"/> <userTask id="b"/>
  <parallelGateway id="join"/> <userTask id="after"/>
  start -> fork
  fork -> a -> a2 -> join
  fork -> b -> join
  join -> after
start
complete a
complete b
expect tasks a2
move a2 to a returned
expect tasks a
complete a
complete a2
expect tasks after

case all branches out of the block, one of them at the join
deploy
  <startEvent id="start"/> <userTask id="apply"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="join"/> <userTask id="after"/>
  start -> apply -> fork
  fork -> a -> join
  fork -> b -> join
  join -> after
start
complete apply
complete a
move join b to apply returned
expect tasks apply
complete apply
complete a
complete b
expect tasks after

case a whole multi-instance, fresh when it comes again
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <userTask id="sign"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  start -> a -> sign
start
complete a
complete sign
move sign to a returned
expect tasks a
complete a
expect tasks sign sign

case a sub-process with all that is in it
deploy
  <startEvent id="start"/> <userTask id="a"/>
  sub {
  <startEvent id="s"/> <userTask id="b"/> <userTask id="c"/>
  s -> b -> c
  }
  start -> a -> sub
start
complete a
complete b
move c to b returned
expect tasks b
move b to a returned
error bpmn.move_unknown
move sub to b returned
error bpmn.move_unknown
move sub to a returned
expect tasks a

case inside a called process, not out of it
deploy
  <startEvent id="start"/> <userTask id="a"/> <callActivity id="call" calledElement="q"/>
  start -> a -> call
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="b"/><userTask id="c"/><sequenceFlow id="q1" sourceRef="qs" targetRef="b"/><sequenceFlow id="q2" sourceRef="b" targetRef="c"/></process>
start
complete a
complete b
move c to b returned
expect tasks b
move b to a returned
error bpmn.move_unknown
move call to a returned
expect tasks a

case what stopped with an incident
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/>
  start -> a
  a -> b when ok
start
complete a
expect incidents a:bpmn.condition_not_boolean
move a to a again
expect tasks a
expect incidents

case nowhere: events, unknown elements, unknown tokens, single instances, who undoes
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="done"/>
  <userTask id="sign"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  <boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
  <userTask id="undo_a" isForCompensation="true"/> <association id="as" sourceRef="on_a" targetRef="undo_a"/>
  start -> a -> sign -> done
start
move a to done x
error bpmn.move_unknown
move a to start x
error bpmn.move_unknown
move a to nowhere x
error bpmn.move_unknown
move sign to a x
error bpmn.move_unknown
move a to undo_a x
error bpmn.move_unknown
complete a
expect tasks sign sign
)");
    CHECK(failures == "");
}

TEST_CASE("a token that is named twice is moved once, and one instance of several can't be moved") {
    TwinInstance instance(parse(model_xml(R"(
<startEvent id="start"/> <userTask id="a"/>
<userTask id="sign"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
start -> a -> sign
)"))
                              .value());
    REQUIRE(instance.carry_out(Start{}, 1));
    const std::int64_t token = waiting_for(instance.state()).tasks.at(0).token;
    REQUIRE(instance.carry_out(MoveTokens{{token, token}, "a", "returned"}, 2));
    const std::int64_t again = waiting_for(instance.state()).tasks.at(0).token;
    CHECK(again != token);
    REQUIRE(instance.carry_out(CompleteTask{again, {}}, 3));
    const std::int64_t signer = waiting_for(instance.state()).tasks.at(0).token;
    CHECK(instance.carry_out(MoveTokens{{signer}, "a", "returned"}, 4).error().reason == "bpmn.move_unknown");
    CHECK(instance.carry_out(MoveTokens{{}, "a", "returned"}, 4).error().reason == "bpmn.move_unknown");
}

TEST_CASE("while it is suspended nothing happens, and what became due meanwhile happens when it is resumed") {
    const std::string failures = run_scenarios(R"(
case nothing but setting variables, resuming and ending
deploy
  <startEvent id="start"/> <userTask id="a"/> <serviceTask id="job"><extensionElements><kaigong:job type="x"/></extensionElements></serviceTask>
  <parallelGateway id="fork"/>
  timer over on a after PT1H
  start -> fork
  fork -> a
  fork -> job
  over -> a
start
resume
error bpmn.not_suspended
suspend correction
expect events instance_suspended
expect tasks a
complete a
error bpmn.suspended
complete job
error bpmn.suspended
fail job x
error bpmn.suspended
throw a E
error bpmn.suspended
fire over
error bpmn.suspended
message m
error bpmn.suspended
signal s
error bpmn.suspended
move a to a x
error bpmn.suspended
suspend again
error bpmn.suspended
set {"x": 1}
expect variable x 1
resume
expect events instance_resumed
complete a
expect tasks
suspend again
cancel withdrawn
expect cancelled

case a condition that came true
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <intermediateCatchEvent id="wait"><conditionalEventDefinition><condition>=ready</condition></conditionalEventDefinition></intermediateCatchEvent>
  start -> wait -> after
start {"ready": false}
suspend correction
set {"ready": true}
expect waits wait
resume
expect tasks after
)");
    CHECK(failures == "");
}
