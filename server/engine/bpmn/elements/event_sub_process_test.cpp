#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an interrupting event sub-process ends the work around it") {
    const std::string failures = run_scenarios(R"(
case by message, of the process
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="done"/>
  <subProcess id="stop" triggeredByEvent="true"><startEvent id="stopped" name="withdrawn"><messageEventDefinition/></startEvent><userTask id="tidy"/><sequenceFlow id="f" sourceRef="stopped" targetRef="tidy"/></subProcess>
  start -> a -> done
start
expect waits stopped
expect tasks a
message withdrawn
expect tasks tidy
expect waits
complete tidy
expect completed

case an error from inside a sub-process
deploy
  root <error id="bad" errorCode="bad"/>
  <startEvent id="start"/> <userTask id="after"/>
  sub {
  <startEvent id="s"/> <userTask id="a"/> <endEvent id="fails"><errorEventDefinition errorRef="bad"/></endEvent>
  <subProcess id="mend" triggeredByEvent="true"><startEvent id="on_bad"><errorEventDefinition errorRef="bad"/></startEvent><userTask id="fix"/><sequenceFlow id="f" sourceRef="on_bad" targetRef="fix"/></subProcess>
  s -> a -> fails
  }
  start -> sub -> after
start
complete a
expect tasks fix
complete fix
expect tasks after

case what it throws itself is caught further out
deploy
  root <error id="bad" errorCode="bad"/>
  <startEvent id="start"/> <userTask id="outside"/> <userTask id="after"/>
  sub {
  <startEvent id="s"/> <endEvent id="fails"><errorEventDefinition errorRef="bad"/></endEvent>
  <subProcess id="mend" triggeredByEvent="true"><startEvent id="on_bad"><errorEventDefinition errorRef="bad"/></startEvent><endEvent id="again"><errorEventDefinition errorRef="bad"/></endEvent><sequenceFlow id="f" sourceRef="on_bad" targetRef="again"/></subProcess>
  s -> fails
  }
  <boundaryEvent id="caught" attachedToRef="sub"><errorEventDefinition errorRef="bad"/></boundaryEvent>
  start -> sub -> after
  caught -> outside
start
expect tasks outside
)");
    CHECK(failures == "");
}

TEST_CASE("one that does not interrupt runs beside the others, as often as it is asked") {
    const std::string failures = run_scenarios(R"(
case by message, twice
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <subProcess id="note" triggeredByEvent="true"><startEvent id="noted" name="note" isInterrupting="false"><messageEventDefinition/></startEvent><userTask id="read"/><sequenceFlow id="f" sourceRef="noted" targetRef="read"/></subProcess>
  start -> a
start
message note
message note
expect tasks a read read
expect waits noted
complete a
expect running
complete read
complete read
expect completed

case by a cycle of time
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <subProcess id="remind" triggeredByEvent="true"><startEvent id="tick" isInterrupting="false"><timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition></startEvent><userTask id="call"/><sequenceFlow id="f" sourceRef="tick" targetRef="call"/></subProcess>
  start -> a
start
advance 1 days
expect tasks a call
advance 1 days
expect tasks a call call
expect timers
advance 3 days
expect tasks a call call

case by escalation
deploy
  root <escalation id="late" escalationCode="late"/>
  <startEvent id="start"/> <userTask id="a"/> <intermediateThrowEvent id="tell"><escalationEventDefinition escalationRef="late"/></intermediateThrowEvent> <userTask id="b"/>
  <subProcess id="hurry" triggeredByEvent="true"><startEvent id="on_late" isInterrupting="false"><escalationEventDefinition escalationRef="late"/></startEvent><userTask id="ask"/><sequenceFlow id="f" sourceRef="on_late" targetRef="ask"/></subProcess>
  start -> a -> tell -> b
start
complete a
expect tasks ask b

case of a sub-process it listens while that is open
deploy
  <startEvent id="start"/> <userTask id="after"/>
  sub {
  <startEvent id="s"/> <userTask id="a"/>
  <subProcess id="note" triggeredByEvent="true"><startEvent id="noted" name="note" isInterrupting="false"><signalEventDefinition/></startEvent><userTask id="read"/><sequenceFlow id="f" sourceRef="noted" targetRef="read"/></subProcess>
  s -> a
  }
  start -> sub -> after
start
expect waits noted
complete a
expect tasks after
expect waits
)");
    CHECK(failures == "");
}

TEST_CASE("an event sub-process that nothing can begin is refused") {
    const std::string failures = run_scenarios(R"(
case a plain start
deploy
  <startEvent id="start"/> <userTask id="u"/>
  <subProcess id="sub" triggeredByEvent="true"><startEvent id="s"/></subProcess>
  start -> u
error start_without_trigger s

case no start
deploy
  <startEvent id="start"/> <userTask id="u"/>
  <subProcess id="sub" triggeredByEvent="true"><userTask id="t"/></subProcess>
  start -> u
error event_sub_process_start sub

case in the flow
deploy
  <startEvent id="start"/>
  <subProcess id="sub" triggeredByEvent="true"><startEvent id="s"><messageEventDefinition/></startEvent></subProcess>
  start -> sub
error event_sub_process_flows sub
)");
    CHECK(failures == "");
}
