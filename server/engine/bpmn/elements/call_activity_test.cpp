#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

constexpr const char* kCaller = R"(
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/>
  start -> call -> after
)";

std::string called_file(const std::string& content) {
    return R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="q" isExecutable="true">)" +
           content + "</process></definitions>";
}

const std::string kTwoTasks = called_file(R"(<startEvent id="start"/><userTask id="a"/><userTask id="b"/>)"
                                          R"(<sequenceFlow id="start_call" sourceRef="start" targetRef="a"/>)"
                                          R"(<sequenceFlow id="f" sourceRef="a" targetRef="b"/>)");

Library library_of(const std::string& xml) {
    return [xml](std::string_view id) { return id == "q" ? std::optional(xml) : std::nullopt; };
}

}  // namespace

TEST_CASE("a call runs another process of the file inside, and goes on when nothing is left in it") {
    const std::string failures = run_scenarios(R"(
case there and back
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><userTask id="b"/><parallelGateway id="fork"/><endEvent id="e"/><sequenceFlow id="q1" sourceRef="qs" targetRef="fork"/><sequenceFlow id="q2" sourceRef="fork" targetRef="a"/><sequenceFlow id="q3" sourceRef="fork" targetRef="b"/><sequenceFlow id="q4" sourceRef="b" targetRef="e"/></process>
start
expect tasks a b
complete b
expect tasks a
complete a
expect tasks after
expect passed start qs fork b e a call

case terminate ends what was called, not the caller
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><userTask id="b"/><parallelGateway id="fork"/><endEvent id="e"><terminateEventDefinition/></endEvent><sequenceFlow id="q1" sourceRef="qs" targetRef="fork"/><sequenceFlow id="q2" sourceRef="fork" targetRef="a"/><sequenceFlow id="q3" sourceRef="fork" targetRef="b"/><sequenceFlow id="q4" sourceRef="b" targetRef="e"/></process>
start
complete b
expect tasks after

case what it does not catch comes out
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/> <userTask id="mend"/>
  <boundaryEvent id="wrong" attachedToRef="call"><errorEventDefinition/></boundaryEvent>
  <boundaryEvent id="told" attachedToRef="call" cancelActivity="false"><escalationEventDefinition/></boundaryEvent>
  <userTask id="hear"/>
  start -> call -> after
  wrong -> mend
  told -> hear
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><sequenceFlow id="q1" sourceRef="qs" targetRef="a"/></process>
start
escalate a LATE
expect tasks a hear
throw a E1
expect tasks hear mend

case what it catches itself does not
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/> <userTask id="mend"/>
  <boundaryEvent id="wrong" attachedToRef="call"><errorEventDefinition/></boundaryEvent>
  start -> call -> after
  wrong -> mend
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><sequenceFlow id="q1" sourceRef="qs" targetRef="a"/><subProcess id="rescue" triggeredByEvent="true"><startEvent id="failed"><errorEventDefinition/></startEvent><userTask id="b"/><sequenceFlow id="q2" sourceRef="failed" targetRef="b"/></subProcess></process>
start
throw a E1
expect tasks b
complete b
expect tasks after

case a timer on its edge ends everything in it
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="late"/>
  timer over on call after P1D
  start -> call
  over -> late
  root <process id="q" isExecutable="true"><startEvent id="qs"/><callActivity id="deeper" calledElement="r"/><sequenceFlow id="q1" sourceRef="qs" targetRef="deeper"/></process>
  root <process id="r" isExecutable="true"><startEvent id="rs"/><userTask id="a"/><sequenceFlow id="r1" sourceRef="rs" targetRef="a"/></process>
start
expect tasks a
advance P1D
expect tasks late
expect timers

case one call for each of a list
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <callActivity id="call" calledElement="q"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=offices" inputElement="office" outputCollection="said" outputElement="=office + word"/></extensionElements></multiInstanceLoopCharacteristics></callActivity>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><sequenceFlow id="q1" sourceRef="qs" targetRef="a"/></process>
start {"offices": ["x", "y"]}
complete a {"word": "1"}
expect tasks a
complete a {"word": "2"}
expect tasks after
expect variable said ["x1","y2"]
expect variable office nothing
)");
    CHECK(failures == "");
}

TEST_CASE("a call that names nothing is refused, one that goes round in circles is stopped and shows") {
    const std::string failures = run_scenarios(R"(
case names nothing
deploy
  <startEvent id="start"/> <callActivity id="call"/>
  start -> call
error called_process_missing call

case calls itself at once
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/>
  start -> call
  root <process id="q" isExecutable="true"><startEvent id="qs"/><callActivity id="again" calledElement="q"/><sequenceFlow id="q1" sourceRef="qs" targetRef="again"/></process>
start
expect incidents again:bpmn.call_depth
cancel x
expect cancelled

case calls itself after a task, as often as it is asked
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><exclusiveGateway id="g" default="q4"/><callActivity id="again" calledElement="q"/><endEvent id="e"/><sequenceFlow id="q1" sourceRef="qs" targetRef="a"/><sequenceFlow id="q2" sourceRef="a" targetRef="g"/><sequenceFlow id="q3" sourceRef="g" targetRef="again"><conditionExpression>=deeper</conditionExpression></sequenceFlow><sequenceFlow id="q4" sourceRef="g" targetRef="e"/></process>
start
complete a {"deeper": true}
complete a {"deeper": true}
complete a {"deeper": false}
expect tasks after
)");
    CHECK(failures == "");
}

TEST_CASE("a process of another file is bound at deployment, its ids under its own name") {
    TwinInstance instance(parse(model_xml(kCaller), "", library_of(kTwoTasks)).value());
    REQUIRE(instance.carry_out(Start{}, 1));
    CHECK(active_elements(instance.state()) == std::vector<std::string>{"call", "q/a"});
    REQUIRE(instance.carry_out(CompleteTask{waiting_for(instance.state()).tasks.at(0).token, {}}, 2));
    CHECK(active_elements(instance.state()) == std::vector<std::string>{"call", "q/b"});
    REQUIRE(instance.carry_out(CompleteTask{waiting_for(instance.state()).tasks.at(0).token, {}}, 3));
    CHECK(active_elements(instance.state()) == std::vector<std::string>{"after"});
}

TEST_CASE("what is undone and linked in a process of another file is found there") {
    const std::string xml = called_file(
        R"(<startEvent id="s"/><userTask id="a"/><boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>)"
        R"(<userTask id="undo_a" isForCompensation="true"/><association id="as" sourceRef="on_a" targetRef="undo_a"/>)"
        R"(<intermediateThrowEvent id="undo"><compensateEventDefinition activityRef="a"/></intermediateThrowEvent>)"
        R"(<sequenceFlow id="f1" sourceRef="s" targetRef="a"/><sequenceFlow id="f2" sourceRef="a" targetRef="undo"/>)");
    TwinInstance instance(parse(model_xml(kCaller), "", library_of(xml)).value());
    REQUIRE(instance.carry_out(Start{}, 1));
    REQUIRE(instance.carry_out(CompleteTask{waiting_for(instance.state()).tasks.at(0).token, {}}, 2));
    REQUIRE(waiting_for(instance.state()).tasks.size() == 1);
    CHECK(waiting_for(instance.state()).tasks[0].element == "q/undo_a");
}

TEST_CASE("what is wrong in a process of another file refuses the deployment, by its own id") {
    const auto judgement =
        check(model_xml(kCaller), "", library_of(called_file(R"(<startEvent id="s"/><callChoreography id="g"/>)")));
    CHECK_FALSE(judgement.deployable());
    CHECK_FALSE(check(model_xml(kCaller), "", library_of("<nothing")).deployable());
}

TEST_CASE("a called process that is not there yet is an incident until it is deployed") {
    const Definition before = parse(model_xml(kCaller)).value();
    TwinInstance instance(before);
    REQUIRE(instance.carry_out(Start{}, 1));
    const auto incidents = waiting_for(instance.state()).incidents;
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].code == "bpmn.called_process_unknown");
    REQUIRE(instance.carry_out(ResolveIncident{incidents[0].incident, {}}, 2));
    CHECK(waiting_for(instance.state()).incidents.size() == 1);

    const Definition after = parse(model_xml(kCaller), "", library_of(kTwoTasks)).value();
    const auto events =
        decide(after, instance.state(), ResolveIncident{waiting_for(instance.state()).incidents[0].incident, {}}, 3);
    REQUIRE(events);
    State state = instance.state();
    for (const Event& event : *events) apply(state, event);
    CHECK(active_elements(state) == std::vector<std::string>{"call", "q/a"});
}

TEST_CASE("which process is called can be computed, and repaired") {
    const auto definition = parse(model_xml(R"(
  <startEvent id="start"/> <callActivity id="call" calledElement="=which"/> <userTask id="after"/>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><sequenceFlow id="q1" sourceRef="qs" targetRef="a"/></process>
)"),
                                  "p");
    TwinInstance instance(definition.value());
    REQUIRE(instance.carry_out(Start{}, 1));
    REQUIRE(waiting_for(instance.state()).incidents.size() == 1);
    CHECK(waiting_for(instance.state()).incidents[0].code == "bpmn.name_missing");
    const auto resolve = [&](const char* which) {
        const std::int64_t incident = waiting_for(instance.state()).incidents.at(0).incident;
        return instance.carry_out(ResolveIncident{incident, {{"which", which}}}, 2);
    };
    REQUIRE(resolve("unknown"));
    CHECK(waiting_for(instance.state()).incidents.at(0).code == "bpmn.called_process_unknown");
    REQUIRE(resolve("q"));
    CHECK(active_elements(instance.state()) == std::vector<std::string>{"call", "a"});
}

TEST_CASE("nothing but a plain start event answers to a call, and a global task can be called") {
    const std::string failures = run_scenarios(R"(
case a process that only a message begins
deploy
  root <message id="m" name="go"/>
  root <process id="q" isExecutable="true"><startEvent id="qs"><messageEventDefinition messageRef="m"/></startEvent><userTask id="a"/><sequenceFlow id="q1" sourceRef="qs" targetRef="a"/></process>
  <startEvent id="start"/> <callActivity id="c" calledElement="q"/>
  start -> c
error called_process_start c

case a global task
deploy
  root <globalUserTask id="ask" name="询问"/>
  <startEvent id="start"/> <callActivity id="c" calledElement="ask"/> <userTask id="after"/>
  start -> c -> after
start
complete ask
expect tasks after
)");
    CHECK(failures == "");
}
