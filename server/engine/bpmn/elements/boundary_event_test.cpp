#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an interrupting timer ends its activity, and goes with it") {
    const std::string failures = run_scenarios(R"(
case day six without an answer
deploy
  <startEvent id="start"/> <userTask id="accept"/> <userTask id="by_default"/> <endEvent id="done"/>
  timer day_six on accept at =intake_due_at
  start -> accept -> done
  day_six -> by_default
start {"intake_due_at": "2026-12-01T00:00:00+08:00"}
expect timers day_six
fire day_six
error bpmn.timer_not_due
advance 5 working_days
expect tasks accept
advance to 2026-12-01T00:00:00+08:00
expect tasks by_default
expect timers
expect events timer_fired token_cancelled token_arrived element_completed token_arrived task_opened
fire day_six
error bpmn.timer_not_open

case completed in time
deploy
  <startEvent id="start"/> <userTask id="accept"/> <userTask id="next"/>
  timer late on accept after PT2H
  start -> accept -> next
  late -> next
start
advance PT1H
complete accept
expect events task_completed timer_cancelled element_completed token_arrived task_opened
expect timers
advance 3 days
expect tasks next

case on a sub-process it takes everything inside
deploy
  <startEvent id="start"/> <userTask id="after"/>
  sub {
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <endEvent id="ie"/>
  timer inner on a after P9D
  s -> fork
  fork -> a
  fork -> b
  inner -> ie
  }
  timer late on sub after P2D
  start -> sub -> after
  late -> after
start
expect timers late inner
advance 2 days
expect tasks after
expect timers

case a job that failed is ended too, with its incident
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <serviceTask id="mail"><extensionElements><kaigong:job type="m"/></extensionElements></serviceTask>
  timer late on mail after PT1H
  start -> mail -> after
  late -> after
start
fail mail x
advance PT1H
expect incidents
expect tasks after

case opened again, the timer is fresh
deploy
  <startEvent id="start"/> <exclusiveGateway id="m"/> <userTask id="a"/>
  <exclusiveGateway id="g" default="g_done"/> <endEvent id="done"/> <endEvent id="late_end"/>
  timer late on a after PT2H
  start -> m -> a -> g
  g -> m when back
  g -> done
  late -> late_end
start {"back": true}
advance PT1H
complete a
advance PT1H
expect tasks a
advance PT1H
expect completed
)");
    CHECK(failures == "");
}

TEST_CASE("a timer that does not interrupt fires once beside the open task") {
    const std::string failures = run_scenarios(R"(
case a reminder
deploy
  <startEvent id="start"/> <userTask id="accept"/> <endEvent id="done"/>
  <serviceTask id="remind"><extensionElements><kaigong:job type="r"/></extensionElements></serviceTask>
  reminder soon on accept after PT4H
  start -> accept -> done
  soon -> remind
start
advance PT4H
expect tasks accept
expect jobs remind
expect timers
complete accept
expect running
complete remind
expect completed

case two timers on one task
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="e1"/> <endEvent id="e2"/>
  reminder soon on a after P1D
  timer late on a after P3D
  start -> a
  soon -> e1
  late -> e2
start
expect timers soon late
advance 1 days
expect timers late
expect tasks a
advance 5 days
expect completed
)");
    CHECK(failures == "");
}

TEST_CASE("dates and durations are ISO 8601 or FEEL, and what gives neither is an incident before the task opens") {
    const std::string failures = run_scenarios(R"(
case a variable that is not set
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="e"/>
  timer late on a at =due_at
  start -> a
  late -> e
start
expect incidents a:bpmn.timer_not_an_instant
expect tasks
expect timers
resolve a {"due_at": "soon"}
expect incidents a:bpmn.timer_not_an_instant
resolve a {"due_at": "2026-11-24"}
expect tasks a
advance to 2026-11-23T23:59:59+08:00
expect tasks a
advance to 2026-11-24T00:00:00+08:00
expect completed

case a duration in FEEL
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="e"/>
  timer late on a after =duration("PT1H") * hours
  start -> a
  late -> e
start {"hours": 3}
advance PT2H
expect tasks a
advance PT1H
expect completed

case months are of the calendar
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="e"/>
  timer late on a after P3M
  start -> a
  late -> e
start
advance to 2027-02-23T08:59:00+08:00
expect tasks a
advance to 2027-02-23T09:00:00+08:00
expect completed

case a moment without a zone is the office's
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="e"/>
  timer late on a at 2026-11-23T18:00:00
  start -> a
  late -> e
start
advance to 2026-11-23T17:59:59+08:00
expect tasks a
advance to 2026-11-23T18:00:00+08:00
expect completed

case a time that has passed fires with the next look at the clock
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="e"/>
  timer late on a at 2020-01-01T00:00:00Z
  start -> a
  late -> e
start
expect tasks a
advance PT0S
expect completed

case beyond the calendar
deploy
  <startEvent id="start"/> <userTask id="a"/> <endEvent id="e"/>
  timer late on a after =d
  start -> a
  late -> e
start {"d": "P99999999999D"}
expect incidents a:bpmn.timer_not_a_duration
resolve a {"d": "-PT1H"}
expect incidents a:bpmn.timer_not_a_duration
resolve a {"d": "P2920000D"}
expect incidents a:bpmn.timer_out_of_range
resolve a {"d": "PT1H"}
expect timers late
)");
    CHECK(failures == "");
}

TEST_CASE("a boundary event that could never do its work is refused") {
    const std::string failures = run_scenarios(R"(
case on nothing
deploy
  <startEvent id="start"/> <userTask id="a"/>
  timer b on x after PT1H
  start -> a
  b -> a
error attached_to_unknown b

case on a gateway
deploy
  <startEvent id="start"/> <exclusiveGateway id="g"/> <userTask id="a"/>
  timer b on g after PT1H
  start -> g -> a
  b -> a
error boundary_not_on_activity b

case leading nowhere
deploy
  <startEvent id="start"/> <userTask id="a"/>
  timer b on a after PT1H
  start -> a
error boundary_flows b

case without a time
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <boundaryEvent id="b" attachedToRef="a"><timerEventDefinition/></boundaryEvent>
  start -> a
  b -> a
error timer_missing b

case a cycle of nothing
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeCycle>R0/PT1H (</timeCycle></timerEventDefinition></boundaryEvent>
  start -> a
  b -> a
error bad_timer b

case neither ISO 8601 nor FEEL
deploy
  <startEvent id="start"/> <userTask id="a"/>
  timer b on a after two hours (
  start -> a
  b -> a
error bad_timer b

case a word is rather a misspelt time than a variable
deploy
  <startEvent id="start"/> <userTask id="a"/>
  timer b on a after tomorrow
  start -> a
  b -> a
error bad_timer b

case an error always ends its activity
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><errorEventDefinition/></boundaryEvent>
  start -> a
  b -> a
error must_interrupt b

case two times a loop
deploy
  <startEvent id="start"/>
  <userTask id="a"><standardLoopCharacteristics/><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  start -> a
error several_loops a

case a message that nobody named
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <boundaryEvent id="b" name="withdrawn" attachedToRef="a"><messageEventDefinition/></boundaryEvent>
  start -> a
  b -> a
error message_missing b

case two timers in one event
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <boundaryEvent id="b" attachedToRef="a"><timerEventDefinition/><timerEventDefinition/></boundaryEvent>
  start -> a
  b -> a
error unsupported_element b
)");
    CHECK(failures == "");
}

TEST_CASE("a boundary event catches what happens while its activity is open") {
    const std::string failures = run_scenarios(R"(
case a message ends the task
deploy
  root <message id="m" name="withdrawn"/>
  <startEvent id="start"/> <userTask id="a"/> <userTask id="next"/> <userTask id="other"/>
  <boundaryEvent id="b" attachedToRef="a"><messageEventDefinition messageRef="m"/></boundaryEvent>
  start -> a -> next
  b -> other
start
expect waits b
message withdrawn {"why": "x"}
expect tasks other
expect variable why "x"
message withdrawn
error bpmn.nobody_waits

case a message leaves the task open, and may come again
deploy
  root <message id="m" name="urged"/>
  <startEvent id="start"/> <userTask id="a"/> <userTask id="next"/> <userTask id="other"/>
  <boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><messageEventDefinition messageRef="m"/></boundaryEvent>
  start -> a -> next
  b -> other
start
message urged
message urged
expect tasks a other other
complete a
expect tasks next other other
expect waits

case a cycle reminds until the task is done
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="other"/>
  <boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>
  start -> a
  b -> other
start
advance 3 days
expect tasks a other other other
complete a
expect timers

case a condition that comes true again is caught again
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="other"/>
  <boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><conditionalEventDefinition><condition>=level > 3</condition></conditionalEventDefinition></boundaryEvent>
  start -> a
  b -> other
start {"level": 1}
set {"level": 5}
expect tasks a other
set {"level": 6}
expect tasks a other
set {"level": 1}
set {"level": 4}
expect tasks a other other

case a condition that a script makes true counts before the branch beside it goes on
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <scriptTask id="set"><extensionElements><zeebe:script expression="=5" resultVariable="level"/></extensionElements></scriptTask>
  <exclusiveGateway id="g" default="g_never"/> <endEvent id="well"/> <endEvent id="never"/>
  <boundaryEvent id="b" attachedToRef="a"><conditionalEventDefinition><condition>=level > 3</condition></conditionalEventDefinition></boundaryEvent>
  <scriptTask id="note"><extensionElements><zeebe:script expression="=true" resultVariable="noted"/></extensionElements></scriptTask>
  start -> fork
  fork -> a
  fork -> set -> g
  b -> note
  g -> well when noted
  g -> never
start {"level": 0, "noted": false}
expect completed
expect variable noted true
)");
    CHECK(failures == "");
}

TEST_CASE("an error is caught by who names its code, else by who names none, from the inside outwards") {
    const std::string failures = run_scenarios(R"(
case of a task
deploy
  root <error id="e1" errorCode="NO_PAPER"/>
  <startEvent id="start"/> <serviceTask id="print"/> <userTask id="next"/> <userTask id="buy"/> <userTask id="any"/>
  <boundaryEvent id="all" attachedToRef="print"><errorEventDefinition/></boundaryEvent>
  <boundaryEvent id="one" attachedToRef="print"><errorEventDefinition errorRef="e1"/></boundaryEvent>
  start -> print -> next
  one -> buy
  all -> any
start
throw print NO_PAPER {"left": 0}
expect tasks buy
expect variable left 0

case of no known code
deploy
  root <error id="e1" errorCode="NO_PAPER"/>
  <startEvent id="start"/> <serviceTask id="print"/> <userTask id="buy"/> <userTask id="any"/>
  <boundaryEvent id="all" attachedToRef="print"><errorEventDefinition/></boundaryEvent>
  <boundaryEvent id="one" attachedToRef="print"><errorEventDefinition errorRef="e1"/></boundaryEvent>
  start -> print
  one -> buy
  all -> any
start
throw print FIRE
expect tasks any

case inside a sub-process, caught on its edge; what was open inside is gone
deploy
  root <error id="bad" errorCode="bad"/>
  <startEvent id="start"/> <userTask id="after"/> <userTask id="mend"/>
  sub {
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="fails"><errorEventDefinition errorRef="bad"/></endEvent>
  s -> fork
  fork -> a -> fails
  fork -> b
  }
  <boundaryEvent id="caught" attachedToRef="sub"><errorEventDefinition errorRef="bad"/></boundaryEvent>
  start -> sub -> after
  caught -> mend
start
complete a
expect tasks mend

case nobody catches it: the task stays and can be finished
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="next"/>
  start -> a -> next
start
throw a ODD
expect incidents a:bpmn.error_not_caught
expect tasks a
complete a
error bpmn.incident_open
resolve a
complete a
expect tasks next
)");
    CHECK(failures == "");
}

TEST_CASE("an escalation may leave what it comes from open") {
    const std::string failures = run_scenarios(R"(
case caught beside the sub-process
deploy
  root <escalation id="late" escalationCode="late"/>
  <startEvent id="start"/> <userTask id="after"/> <userTask id="hurry"/>
  sub {
  <startEvent id="s"/> <userTask id="a"/> <intermediateThrowEvent id="tell"><escalationEventDefinition escalationRef="late"/></intermediateThrowEvent> <userTask id="b"/>
  s -> a -> tell -> b
  }
  <boundaryEvent id="caught" attachedToRef="sub" cancelActivity="false"><escalationEventDefinition escalationRef="late"/></boundaryEvent>
  start -> sub -> after
  caught -> hurry
start
complete a
expect tasks hurry b
complete b
expect tasks hurry after

case caught by ending the sub-process
deploy
  root <escalation id="late" escalationCode="late"/>
  <startEvent id="start"/> <userTask id="after"/> <userTask id="hurry"/>
  sub {
  <startEvent id="s"/> <userTask id="a"/> <endEvent id="tell"><escalationEventDefinition escalationRef="late"/></endEvent>
  s -> a -> tell
  }
  <boundaryEvent id="caught" attachedToRef="sub"><escalationEventDefinition/></boundaryEvent>
  start -> sub -> after
  caught -> hurry
start
complete a
expect tasks hurry

case an officer escalates an open task
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="hurry"/>
  <boundaryEvent id="caught" attachedToRef="a" cancelActivity="false"><escalationEventDefinition/></boundaryEvent>
  start -> a
  caught -> hurry
start
escalate a LATE
expect tasks a hurry
)");
    CHECK(failures == "");
}
