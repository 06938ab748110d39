#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an intermediate event waits for its message, and for no other") {
    const std::string failures = run_scenarios(R"(
case the message comes
deploy
  root <message id="m" name="paid"/>
  <startEvent id="start"/> <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <userTask id="next"/>
  start -> wait -> next
start
expect waits wait
message unpaid
error bpmn.nobody_waits
message paid {"amount": 5}
expect events subscription_closed event_caught variables_set element_completed token_arrived task_opened
expect tasks next
expect variable amount 5
message paid
error bpmn.nobody_waits

case two cases of one process know theirs by the key
deploy
  root <message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=bill"/></extensionElements></message>
  <startEvent id="start"/> <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  <userTask id="next"/>
  start -> wait -> next
start {"bill": 42}
message paid key 43
error bpmn.nobody_waits
message paid key 42
expect tasks next

case a key that is not there stops visibly and can be mended
deploy
  root <message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=bill"/></extensionElements></message>
  <startEvent id="start"/> <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  start -> wait
start
expect incidents wait:bpmn.correlation_key_missing
resolve wait {"bill": "b"}
expect waits wait
message paid key b
expect completed

case a message that the file does not have
deploy
  <startEvent id="start"/> <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
  start -> wait
error reference_unknown wait
)");
    CHECK(failures == "");
}

TEST_CASE("an intermediate event waits for a time") {
    const std::string failures = run_scenarios(R"(
case a duration
deploy
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></intermediateCatchEvent>
  start -> wait -> next
start
expect timers wait
advance PT1H
expect tasks
advance PT1H
expect tasks next
expect timers

case working days of the office: the make-up day and the weekend are counted as the notice says
deploy
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateCatchEvent id="wait"><timerEventDefinition><timeDate>=add working days(today(), 7)</timeDate></timerEventDefinition></intermediateCatchEvent>
  start -> wait -> next
start
advance 6 working_days
expect tasks
advance to 2026-12-02T00:00:00+08:00
expect tasks next

case a time that is over fires at once when time is looked at
deploy
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateCatchEvent id="wait"><timerEventDefinition><timeDate>=at</timeDate></timerEventDefinition></intermediateCatchEvent>
  start -> wait -> next
start {"at": "2026-11-01"}
expect timers wait
fire wait
expect tasks next

case a cycle fires once here
deploy
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateCatchEvent id="wait"><timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></intermediateCatchEvent>
  start -> wait -> next
start
advance PT1H
expect tasks next
expect timers
)");
    CHECK(failures == "");
}

TEST_CASE("an intermediate event waits until its condition is true") {
    const std::string failures = run_scenarios(R"(
case it comes true
deploy
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateCatchEvent id="wait"><conditionalEventDefinition><condition>=count >= 2</condition></conditionalEventDefinition></intermediateCatchEvent>
  start -> wait -> next
start
expect waits wait
set {"count": 1}
expect waits wait
set {"count": 2}
expect tasks next

case it is true when the token comes
deploy
  <startEvent id="start"/> <userTask id="next"/>
  <intermediateCatchEvent id="wait"><conditionalEventDefinition><condition>ready</condition></conditionalEventDefinition></intermediateCatchEvent>
  start -> wait -> next
start {"ready": true}
expect tasks next

case without a condition
deploy
  <startEvent id="start"/> <intermediateCatchEvent id="wait"><conditionalEventDefinition/></intermediateCatchEvent>
  start -> wait
error condition_missing wait
)");
    CHECK(failures == "");
}

TEST_CASE("a signal is heard by all who wait for it") {
    const std::string failures = run_scenarios(R"(
case from outside
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <intermediateCatchEvent id="one" name="go"><signalEventDefinition/></intermediateCatchEvent>
  <intermediateCatchEvent id="two" name="go"><signalEventDefinition/></intermediateCatchEvent>
  start -> fork
  fork -> one -> a
  fork -> two -> b
start
signal stop
error bpmn.nobody_waits
signal go {"by": "leader"}
expect tasks a b
expect variable by "leader"
)");
    CHECK(failures == "");
}
