#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a throw event does what it says and goes on") {
    const std::string failures = run_scenarios(R"(
case of no kind
deploy
  <startEvent id="start"/> <intermediateThrowEvent id="mark"/> <userTask id="next"/>
  start -> mark -> next
start
expect tasks next

case a message is a fact
deploy
  root <message id="m" name="decided"/>
  <startEvent id="start"/> <intermediateThrowEvent id="tell"><messageEventDefinition messageRef="m"/></intermediateThrowEvent> <userTask id="next"/>
  start -> tell -> next
start
expect events instance_started token_arrived element_completed token_arrived event_thrown element_completed token_arrived task_opened

case a message that somebody has to send is a job
deploy
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateThrowEvent id="tell"><extensionElements><zeebe:taskDefinition type="mail"/></extensionElements><messageEventDefinition/></intermediateThrowEvent>
  start -> tell -> next
start
expect jobs tell
fail tell no paper
expect incidents tell:bpmn.job_failed
resolve tell
complete tell
expect tasks next

case a signal is heard on another branch
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="first"/> <userTask id="a"/> <userTask id="next"/>
  <intermediateCatchEvent id="wait" name="go"><signalEventDefinition/></intermediateCatchEvent>
  <intermediateThrowEvent id="tell" name="go"><signalEventDefinition/></intermediateThrowEvent>
  start -> fork
  fork -> wait -> a
  fork -> first -> tell -> next
start
complete first
expect tasks a next

case a link that two would catch, that nobody throws, and that somebody comes to over a flow
deploy
  <startEvent id="start"/> <intermediateThrowEvent id="go"><linkEventDefinition name="x"/></intermediateThrowEvent>
  <intermediateCatchEvent id="one"><linkEventDefinition name="x"/></intermediateCatchEvent>
  <intermediateCatchEvent id="two"><linkEventDefinition name="x"/></intermediateCatchEvent>
  <intermediateCatchEvent id="alone"><linkEventDefinition name="y"/></intermediateCatchEvent>
  <intermediateCatchEvent id="both"><linkEventDefinition name="y"/></intermediateCatchEvent>
  <userTask id="a"/>
  start -> go
  one -> a
  two -> a
  a -> both
error link_twice two
error link_has_incoming both

case an escalation that nobody catches is no fault
deploy
  root <escalation id="late" escalationCode="late"/>
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateThrowEvent id="tell"><escalationEventDefinition escalationRef="late"/></intermediateThrowEvent>
  start -> tell -> next
start
expect tasks next
)");
    CHECK(failures == "");
}

TEST_CASE("a link goes on where it is caught") {
    const std::string failures = run_scenarios(R"(
case from two places to one
deploy
  <startEvent id="start"/> <exclusiveGateway id="which"/> <userTask id="a"/> <userTask id="b"/> <userTask id="next"/>
  <intermediateThrowEvent id="out1"><linkEventDefinition name="L"/></intermediateThrowEvent>
  <intermediateThrowEvent id="out2"><linkEventDefinition name="L"/></intermediateThrowEvent>
  <intermediateCatchEvent id="in"><linkEventDefinition name="L"/></intermediateCatchEvent>
  start -> which
  which -> a when x = 1
  which -> b when x = 2
  a -> out1
  b -> out2
  in -> next
start {"x": 2}
complete b
expect tasks next
expect passed start which b out2 in

case a join waits for what a link still brings
deploy
  <startEvent id="start"/> <inclusiveGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <inclusiveGateway id="join"/> <userTask id="next"/>
  <intermediateThrowEvent id="out"><linkEventDefinition name="L"/></intermediateThrowEvent>
  <intermediateCatchEvent id="in"><linkEventDefinition name="L"/></intermediateCatchEvent>
  start -> fork
  fork -> a when true
  fork -> b when true
  a -> join
  b -> out
  in -> join
  join -> next
start
complete a
expect tasks b
complete b
expect tasks next

case to nowhere
deploy
  <startEvent id="start"/> <intermediateThrowEvent id="out"><linkEventDefinition name="L"/></intermediateThrowEvent>
  start -> out
error link_unmatched out
)");
    CHECK(failures == "");
}
