#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a task of no kind is passed at once, over all of its ways") {
    const std::string failures = run_scenarios(R"(
case passed
deploy
  <startEvent id="start"/> <task id="t"/> <endEvent id="done"/>
  start -> t -> done
start
expect completed
expect passed start t done

case several ways out without a gateway: all without a condition, and those whose condition is true
deploy
  <startEvent id="start"/> <task id="t"/> <userTask id="a"/> <userTask id="b"/> <userTask id="c"/>
  start -> t
  t -> a
  t -> b when x > 1
  t -> c when x > 2
start {"x": 2}
expect tasks a b

case the default flow when no condition is true
deploy
  <startEvent id="start"/> <task id="t" default="t_b"/> <userTask id="a"/> <userTask id="b"/>
  start -> t
  t -> a when x > 1
  t -> b
start {"x": 0}
expect tasks b

case the default flow also beside a flow that has no condition, when no condition is true
deploy
  <startEvent id="start"/> <task id="fork" default="fork_c"/> <userTask id="a"/> <userTask id="b"/> <userTask id="c"/>
  start -> fork
  fork -> a
  fork -> b when x > 1
  fork -> c
start {"x": 1}
expect tasks a c

case not when one is
deploy
  <startEvent id="start"/> <task id="fork" default="fork_c"/> <userTask id="a"/> <userTask id="b"/> <userTask id="c"/>
  start -> fork
  fork -> a
  fork -> b when x > 1
  fork -> c
start {"x": 2}
expect tasks a b

case no way out at all is an incident that can be repaired
deploy
  <startEvent id="start"/> <task id="t"/> <userTask id="a"/>
  start -> t
  t -> a when x > 1
start {"x": 0}
expect incidents t:bpmn.no_way_out
resolve t
expect incidents t:bpmn.no_way_out
resolve t {"x": 2}
expect tasks a
expect incidents

case a timer on a task that nobody waits for never fires, and the modeller is told
deploy
  <startEvent id="start"/> <task id="t"/> <userTask id="a"/>
  timer timer on t after PT1H
  start -> t -> a
  timer -> a
warning timer_never_fires timer
start
expect timers
)");
    CHECK(failures == "");
}

TEST_CASE("what a task could only do by halves is refused") {
    const std::string failures = run_scenarios(R"(
case multi-instance without a number
deploy
  <startEvent id="start"/> <task id="t"><multiInstanceLoopCharacteristics/></task>
  start -> t
error instances_missing t

case a loop without an end
deploy
  <startEvent id="start"/> <userTask id="t"><standardLoopCharacteristics/></userTask>
  start -> t
error loop_without_end t

case more than one token at a time
deploy
  <startEvent id="start"/> <userTask id="t" startQuantity="2"/>
  start -> t
error unsupported_element t

case kinds of task that BPMN does not know
deploy
  <startEvent id="start"/> <mailTask id="t"/>
  start -> t
error unsupported_element t
)");
    CHECK(failures == "");
}
