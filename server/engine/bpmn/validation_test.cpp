// Models that the standard's text forbids, each refused by the code of what is wrong and the id of its element; and
// some that it allows though they look odd.
#include "engine/bpmn/validation.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("what begins and ends a process or sub-process follows the standard") {
    const std::string failures = run_scenarios(R"(
case an end event asks for a start event
deploy
  <userTask id="a"/> <endEvent id="done"/>
  a -> done
error start_missing p

case in a sub-process, too
deploy
  <startEvent id="start"/>
  sub {
  <userTask id="a"/> <endEvent id="done"/>
  a -> done
  }
  start -> sub
error start_missing sub

case neither of them is needed
deploy
  <userTask id="a"/> <userTask id="b"/>
  a -> b
start
expect tasks a

case an ad-hoc sub-process has neither
deploy
  <startEvent id="start"/> <adHocSubProcess id="any"><userTask id="a"/><endEvent id="inner"/><sequenceFlow id="f" sourceRef="a" targetRef="inner"/></adHocSubProcess>
  start -> any
error not_in_ad_hoc inner

case a called process has to begin plainly
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/>
  start -> call
  root <message id="m" name="asked"/><process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition messageRef="m"/></startEvent><userTask id="qa"/><sequenceFlow id="q1" sourceRef="qs" targetRef="qa"/></process>
error called_process_start call
)");
    CHECK(failures == "");
}

TEST_CASE("events say what they wait for and throw") {
    const std::string failures = run_scenarios(R"(
case an error without a definition
deploy
  <startEvent id="start"/> <endEvent id="done"><errorEventDefinition/></endEvent>
  start -> done
error code_missing done

case an error whose definition has no code
deploy
  <startEvent id="start"/> <endEvent id="done"><errorEventDefinition errorRef="bad"/></endEvent>
  root <error id="bad" name="bad"/>
  start -> done
error code_missing done

case an escalation without a code
deploy
  <startEvent id="start"/> <intermediateThrowEvent id="tell"><escalationEventDefinition/></intermediateThrowEvent>
  start -> tell
error code_missing tell

case who catches may leave it open
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/>
  <boundaryEvent id="any" attachedToRef="a"><errorEventDefinition/></boundaryEvent>
  start -> a
  any -> b
start
throw a X
expect tasks b

case no message to wait for
deploy
  <startEvent id="start"/> <intermediateCatchEvent id="wait"><messageEventDefinition/></intermediateCatchEvent>
  start -> wait
error message_missing wait

case an error that would not interrupt
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/>
  <boundaryEvent id="bad" attachedToRef="a" cancelActivity="false"><errorEventDefinition/></boundaryEvent>
  start -> a
  bad -> b
error must_interrupt bad

case an event sub-process of an error that would not interrupt
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <subProcess id="rescue" triggeredByEvent="true"><startEvent id="bad" isInterrupting="false"><errorEventDefinition/></startEvent></subProcess>
  start -> a
error must_interrupt bad

case the name of a time that is none
deploy
  <startEvent id="start"/> <intermediateCatchEvent id="wait"><timerEventDefinition><timeDate>INVALID</timeDate></timerEventDefinition></intermediateCatchEvent>
  start -> wait
error bad_timer wait

case what is to be compensated is not there
deploy
  <startEvent id="start"/> <endEvent id="undo"><compensateEventDefinition activityRef="nowhere"/></endEvent>
  start -> undo
error reference_unknown undo

case what is to be compensated is inside, where it can't be seen
deploy
  <startEvent id="start"/> <endEvent id="undo"><compensateEventDefinition activityRef="inner"/></endEvent>
  sub {
  <userTask id="inner"/>
  }
  start -> sub -> undo
error reference_unknown undo

case what is to be compensated is no activity
deploy
  <startEvent id="start"/> <intermediateThrowEvent id="undo"><compensateEventDefinition activityRef="start"/></intermediateThrowEvent>
  start -> undo
error reference_unknown undo
)");
    CHECK(failures == "");
}

TEST_CASE("an activity is undone in one way") {
    const std::string failures = run_scenarios(R"(
case two compensation events
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="h1" isForCompensation="true"/> <userTask id="h2" isForCompensation="true"/>
  <boundaryEvent id="one" attachedToRef="a"><compensateEventDefinition/></boundaryEvent> <association id="a1" sourceRef="one" targetRef="h1"/>
  <boundaryEvent id="two" attachedToRef="a"><compensateEventDefinition/></boundaryEvent> <association id="a2" sourceRef="two" targetRef="h2"/>
  start -> a
error boundary_twice two
)");
    CHECK(failures == "");
}

TEST_CASE("a gateway that only joins may be the end of its way") {
    for (const char* gateway : {"parallelGateway", "inclusiveGateway", "exclusiveGateway"}) {
        const std::string failures = run_scenarios(fmt::format(R"(
case after both
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <{} id="join"/>
  start -> fork
  fork -> a -> join
  fork -> b -> join
start
complete a
expect tasks b
complete b
expect completed
)",
                                                               gateway));
        CHECK(failures == "");
    }
}

TEST_CASE("a flow needs no id, since nothing has to refer to it") {
    const auto definition = parse(R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<process id="p" isExecutable="true"><startEvent id="s"/><parallelGateway id="fork"/><parallelGateway id="join"/>
<userTask id="a"/><sequenceFlow sourceRef="s" targetRef="fork"/><sequenceFlow sourceRef="fork" targetRef="join"/>
<sequenceFlow sourceRef="fork" targetRef="join"/><sequenceFlow sourceRef="join" targetRef="a"/></process></definitions>)");
    REQUIRE(definition);
    TwinInstance instance(definition.value());
    REQUIRE(instance.carry_out(Start{}, 1));
    CHECK(active_elements(instance.state()) == std::vector<std::string>{"a"});
    CHECK(definition->flow_index_of("fork->join#2") >= 0);
}

TEST_CASE("data of events is kept and told, like that of activities") {
    const std::string failures = run_scenarios(R"(
case a message that brings data
deploy
  <startEvent id="start"><dataOutput id="out"/><dataOutputAssociation id="into"/><outputSet/></startEvent>
  <userTask id="a"/> <endEvent id="done"><dataInput id="in"/><inputSet/></endEvent>
  start -> a -> done
warning not_executed start
start
complete a
expect completed
)");
    CHECK(failures == "");
}

TEST_CASE("references may be qualified names") {
    const std::string failures = run_scenarios(R"(
case of an activity, and of a process
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="tns:q"/> <userTask id="late"/>
  <boundaryEvent id="over" attachedToRef="tns:call"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
  start -> call
  over -> late
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="qa"/><sequenceFlow id="q1" sourceRef="qs" targetRef="qa"/></process>
start
expect tasks qa
advance PT1H
expect tasks late
)");
    CHECK(failures == "");
}

TEST_CASE("every process that a file deploys is judged, and what is said of the file is said once") {
    const Judgement judgement = check(R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
<collaboration id="c"/>
<process id="p" isExecutable="true"><startEvent id="s"/><complexGateway id="odd_p"/></process>
<process id="q" isExecutable="true"><startEvent id="t"/><complexGateway id="odd_q"/></process></definitions>)");
    std::vector<std::string> told;
    told.reserve(judgement.problems.size());
    for (const Problem& problem : judgement.problems) told.push_back(problem.element);
    CHECK(told == std::vector<std::string>{"c", "odd_p", "odd_q"});
    CHECK_FALSE(judgement.deployable());
}
