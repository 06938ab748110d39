#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an exclusive gateway takes one way: the first that is true, else the default") {
    const std::string failures = run_scenarios(R"(
case the first true condition wins
deploy
  <startEvent id="start"/> <exclusiveGateway id="g" default="g_c"/> <userTask id="a"/> <userTask id="b"/>
  <userTask id="c"/>
  start -> g
  g -> c
  g -> a when x > 10
  g -> b when x > 5
start {"x": 20}
expect tasks a

case the default, which is never tried before
deploy
  <startEvent id="start"/> <exclusiveGateway id="g" default="g_c"/> <userTask id="a"/> <userTask id="c"/>
  start -> g
  g -> c
  g -> a when x > 10
start {"x": 1}
expect tasks c

case the order of outgoing is the order in which conditions are tried
deploy
  <startEvent id="start"/>
  <exclusiveGateway id="g"><outgoing>g_b</outgoing><outgoing>g_a</outgoing></exclusiveGateway>
  <userTask id="a"/> <userTask id="b"/>
  start -> g
  g -> a when true
  g -> b when true
start
expect tasks b

case a value that is not set compares to nothing
deploy
  <startEvent id="start"/> <exclusiveGateway id="g" default="g_b"/> <userTask id="a"/> <userTask id="b"/>
  start -> g
  g -> a when outcome = "agree"
  g -> b
start
expect tasks b

case joining, every token passes
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <exclusiveGateway id="merge"/> <userTask id="c"/>
  start -> fork
  fork -> a -> merge
  fork -> b -> merge
  merge -> c
start
complete a
expect tasks b c
complete b
expect tasks c c

case a loop through a person is no endless loop
deploy
  <startEvent id="start"/> <exclusiveGateway id="again"/> <userTask id="a"/>
  <exclusiveGateway id="g" default="g_done"/> <endEvent id="done"/>
  start -> again -> a -> g
  g -> again when a_outcome = "back"
  g -> done
start
complete a {"a_outcome": "back"}
complete a {"a_outcome": "back"}
complete a {"a_outcome": "ok"}
expect completed
)");
    CHECK(failures == "");
}

TEST_CASE("a gateway that can't decide shows an incident and goes on when it is repaired") {
    const std::string failures = run_scenarios(R"(
case nothing true and no default
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/> <userTask id="a"/> <userTask id="b"/>
  start -> g
  g -> a when x = 1
  g -> b when x = 2
start {"x": 3}
expect incidents g:bpmn.no_way_out
expect running
set {"x": 2}
expect incidents g:bpmn.no_way_out
resolve g
expect tasks b

case a condition that is neither true nor false, though there is a default
deploy
  <startEvent id="start"/> <exclusiveGateway id="g" default="g_b"/> <userTask id="a"/> <userTask id="b"/>
  start -> g
  g -> a when approved
  g -> b
start
expect incidents g:bpmn.condition_not_boolean
resolve g {"approved": "yes"}
expect incidents g:bpmn.condition_not_boolean
resolve g {"approved": false}
expect tasks b

case the task before stays completed
deploy
  <startEvent id="start"/> <userTask id="first"/> <exclusiveGateway id="g"/> <userTask id="a"/>
  start -> first -> g
  g -> a when 1/x > 0
start {"x": 0}
complete first
expect incidents g:bpmn.condition_not_boolean
complete first
error bpmn.task_not_open
resolve g {"x": 1}
expect tasks a

case gone with the instance
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/> <userTask id="a"/>
  start -> g
  g -> a when x
start
cancel withdrawn
expect cancelled
expect incidents
)");
    CHECK(failures == "");
}

TEST_CASE("a gateway whose ways are not all decided is refused") {
    const std::string failures = run_scenarios(R"(
case a way without a condition
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/> <userTask id="a"/> <userTask id="b"/>
  start -> g
  g -> a when x
  g -> b
error condition_missing g_b

case a default that is no way out
deploy
  <startEvent id="start"/> <exclusiveGateway id="g" default="start_g"/> <userTask id="a"/>
  start -> g -> a
error default_unknown g

case no way out
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/>
  start -> g
error gateway_without_outgoing g

case a condition that is not FEEL
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/> <userTask id="a"/>
  start -> g
  g -> a when x >
error bad_expression g_a

case a condition in another language
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/> <userTask id="a"/>
  <sequenceFlow id="f" sourceRef="g" targetRef="a"><conditionExpression>${execution.approved()}</conditionExpression></sequenceFlow>
  start -> g
error expression_language f
)");
    CHECK(failures == "");
}
