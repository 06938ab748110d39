#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a parallel gateway takes all ways and joins one token of each") {
    const std::string failures = run_scenarios(R"(
case the join waits for all
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <parallelGateway id="join"/> <userTask id="a"/>
  <userTask id="b"/> <userTask id="after"/>
  start -> fork
  fork -> a -> join
  fork -> b -> join
  join -> after
start
expect tasks a b
complete a
expect tasks b
expect events task_completed element_completed token_arrived token_joined
complete b
expect events task_completed element_completed token_arrived join_fired element_completed token_arrived task_opened
expect tasks after

case a join fires once for each set of tokens
deploy
  <startEvent id="start"/> <parallelGateway id="twice"/> <exclusiveGateway id="merge"/>
  <parallelGateway id="join"/> <userTask id="a"/> <userTask id="b"/> <userTask id="slow"/>
  <userTask id="after"/>
  start -> twice
  twice -> a -> merge
  twice -> b -> merge
  merge -> join
  twice -> slow -> join
  join -> after
start
complete a
complete b
expect tasks slow
complete slow
expect tasks after
complete after
expect incidents join:bpmn.join_starved
expect running
resolve join
error bpmn.join_starved
cancel redrawn
expect cancelled

case a second token over the same flow waits for the next set
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <parallelGateway id="join"/> <userTask id="a"/>
  <userTask id="b"/> <exclusiveGateway id="ma"/> <exclusiveGateway id="mb"/>
  <parallelGateway id="fa"/> <parallelGateway id="fb"/> <task id="t1"/> <task id="t2"/> <task id="t3"/>
  <task id="t4"/> <userTask id="after"/>
  start -> fork
  fork -> a -> fa
  fork -> b -> fb
  fa -> t1 -> ma
  fa -> t2 -> ma
  fb -> t3 -> mb
  fb -> t4 -> mb
  ma -> join
  mb -> join
  join -> after
start
complete a
expect tasks b
complete b
expect tasks after after

case a choice into a join that needs both is an incident as soon as it can't fire
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="join"/> <endEvent id="done"/>
  start -> g
  g -> a when x = 1
  g -> b when x = 2
  a -> join
  b -> join
  join -> done
start {"x": 1}
complete a
expect incidents join:bpmn.join_starved

case a token that can still come through a timer keeps the join waiting
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="join"/> <endEvent id="done"/> <endEvent id="other"/>
  timer late on b after P1D
  start -> fork
  fork -> a -> join
  fork -> b -> other
  late -> join
  join -> done
start
complete a
expect tasks b
expect incidents
advance 1 days
expect completed

case the other branch takes the last chance away
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="join"/> <endEvent id="done"/> <endEvent id="other"/>
  timer late on b after P1D
  start -> fork
  fork -> a -> join
  fork -> b -> other
  late -> join
  join -> done
start
complete a
complete b
expect incidents join:bpmn.join_starved

case a condition behind it is not looked at, and told
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  start -> fork
  fork -> a when false
  fork -> b
warning condition_on_parallel fork_a
start
expect tasks a b
)");
    CHECK(failures == "");
}
