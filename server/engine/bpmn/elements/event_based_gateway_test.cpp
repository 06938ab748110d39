#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an event-based gateway goes the way of what happens first") {
    const std::string failures = run_scenarios(R"(
case the message is first
deploy
  root <message id="m" name="paid"/>
  <startEvent id="start"/> <eventBasedGateway id="which"/> <userTask id="a"/> <userTask id="b"/> <userTask id="c"/>
  <intermediateCatchEvent id="paid"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition></intermediateCatchEvent>
  <intermediateCatchEvent id="withdrawn"><signalEventDefinition/></intermediateCatchEvent>
  start -> which
  which -> paid -> a
  which -> late -> b
  which -> withdrawn -> c
start
expect waits paid withdrawn
expect timers late
message paid
expect tasks a
expect waits
expect timers
expect passed start which paid

case the time is first
deploy
  root <message id="m" name="paid"/>
  <startEvent id="start"/> <eventBasedGateway id="which"/> <userTask id="a"/> <userTask id="b"/>
  <intermediateCatchEvent id="paid"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition></intermediateCatchEvent>
  start -> which
  which -> paid -> a
  which -> late -> b
start
advance 5 days
expect tasks b
message paid
error bpmn.nobody_waits

case a receive task is one way
deploy
  root <signal id="s" name="paid"/>
  <startEvent id="start"/> <eventBasedGateway id="which"/> <userTask id="a"/> <userTask id="b"/>
  <intermediateCatchEvent id="paid"><signalEventDefinition signalRef="s"/></intermediateCatchEvent>
  <receiveTask id="withdrawn" name="withdrawn"/>
  start -> which
  which -> paid -> a
  which -> withdrawn -> b
start
message withdrawn {"why": "no money"}
expect tasks b
expect variable why "no money"

case a condition that is true already is the first
deploy
  root <message id="m" name="paid"/>
  <startEvent id="start"/> <eventBasedGateway id="which"/> <userTask id="a"/> <userTask id="b"/>
  <intermediateCatchEvent id="paid"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <intermediateCatchEvent id="free"><conditionalEventDefinition><condition>fee = 0</condition></conditionalEventDefinition></intermediateCatchEvent>
  start -> which
  which -> paid -> a
  which -> free -> b
start {"fee": 0}
expect tasks b
)");
    CHECK(failures == "");
}

TEST_CASE("an event-based gateway that could not wait is refused") {
    const std::string failures = run_scenarios(R"(
case before a task
deploy
  <startEvent id="start"/> <eventBasedGateway id="which"/> <userTask id="a"/>
  start -> which -> a
error not_an_event_to_wait_for which_a

case before an event that has another way in
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <eventBasedGateway id="which"/>
  <intermediateCatchEvent id="paid"><messageEventDefinition/></intermediateCatchEvent>
  start -> fork
  fork -> which -> paid
  fork -> paid
error not_an_event_to_wait_for which_paid

case that begins a process
deploy
  <eventBasedGateway id="which" instantiate="true"/> <intermediateCatchEvent id="paid"><messageEventDefinition/></intermediateCatchEvent>
  which -> paid
error unsupported_element which

case without a way out
deploy
  <startEvent id="start"/> <eventBasedGateway id="which"/>
  start -> which
error gateway_without_outgoing which
)");
    CHECK(failures == "");
}
