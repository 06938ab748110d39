#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an end event ends its own token and leaves the others") {
    const std::string failures = run_scenarios(R"(
case the instance ends with its last token
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <endEvent id="one"/> <endEvent id="two"/>
  start -> fork
  fork -> a -> one
  fork -> b -> two
start
complete a
expect running
expect tasks b
complete b
expect completed
expect passed start fork a one b two

case a step without a way out ends its token too
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a
start
complete a
expect completed

case an end with a way out
deploy
  <startEvent id="start"/> <endEvent id="done"/> <userTask id="a"/>
  start -> done -> a
error end_has_outgoing done

case an error that nobody catches stops visibly
deploy
  root <error id="bad" errorCode="bad"/>
  <startEvent id="start"/> <endEvent id="done"><errorEventDefinition errorRef="bad"/></endEvent>
  start -> done
start
expect incidents done:bpmn.error_not_caught

case an error without a code
deploy
  <startEvent id="start"/> <endEvent id="done"><errorEventDefinition/></endEvent>
  start -> done
error code_missing done

case an escalation whose definition has no code
deploy
  root <escalation id="late"/>
  <startEvent id="start"/> <endEvent id="done"><escalationEventDefinition escalationRef="late"/></endEvent>
  start -> done
error code_missing done
)");
    CHECK(failures == "");
}

TEST_CASE("a terminate end event ends everything in its process or sub-process") {
    const std::string failures = run_scenarios(R"(
case the whole process, with tasks, timers and sub-processes
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <endEvent id="stop"><terminateEventDefinition/></endEvent> <endEvent id="late"/>
  timer timer on b after PT1H
  sub {
  <startEvent id="inner_start"/> <userTask id="inner"/>
  inner_start -> inner
  }
  start -> fork
  fork -> a -> stop
  fork -> b
  fork -> sub
  timer -> late
start
expect tasks a b inner
expect timers timer
complete a
expect completed
expect timers
expect events task_completed element_completed token_arrived timer_cancelled token_cancelled token_cancelled token_cancelled element_completed instance_completed

case only the sub-process
deploy
  <startEvent id="start"/> <userTask id="after"/>
  sub {
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <endEvent id="stop"><terminateEventDefinition/></endEvent>
  s -> fork
  fork -> a -> stop
  fork -> b
  }
  start -> sub -> after
start
complete a
expect tasks after
expect running

case tokens that wait at a join go too
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <parallelGateway id="join"/> <userTask id="a"/>
  <userTask id="b"/> <task id="t"/>
  <endEvent id="stop"><terminateEventDefinition/></endEvent>
  start -> fork
  fork -> t -> join
  fork -> a -> stop
  fork -> b -> join
  join -> after
  <endEvent id="after"/>
start
complete a
expect completed
)");
    CHECK(failures == "");
}
