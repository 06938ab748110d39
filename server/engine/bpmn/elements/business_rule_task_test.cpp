#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a business-rule task is a job that brings its decision's result") {
    const std::string failures = run_scenarios(R"(
case decided
deploy
  <startEvent id="start"/> <exclusiveGateway id="choice" default="choice_no"/> <endEvent id="yes"/>
  <endEvent id="no"/>
  <businessRuleTask id="decide"><extensionElements><kaigong:decision id="needs_permit" result="needed"/></extensionElements></businessRuleTask>
  start -> decide -> choice
  choice -> yes when needed
  choice -> no
start
expect jobs decide
complete decide {"needed": true}
expect passed start decide choice yes

case a rule task without a decision
deploy
  <startEvent id="start"/> <businessRuleTask id="decide"/>
  start -> decide
error decision_missing decide
)");
    CHECK(failures == "");
}

TEST_CASE("the decision is read from either notation, and the job has one type") {
    const auto definition = parse(model_xml(R"(
<startEvent id="start"/>
<businessRuleTask id="own"><extensionElements><kaigong:decision id="d1" result="r1"/></extensionElements></businessRuleTask>
<businessRuleTask id="zeebe"><extensionElements><zeebe:calledDecision decisionId="d2" resultVariable="r2"/></extensionElements></businessRuleTask>
start -> own -> zeebe
)"))
                                .value();
    CHECK(definition.find("own")->decision_id == "d1");
    CHECK(definition.find("own")->result_variable == "r1");
    CHECK(definition.find("zeebe")->decision_id == "d2");
    CHECK(definition.find("zeebe")->result_variable == "r2");
    CHECK(definition.find("zeebe")->job_type == "decision");
}

TEST_CASE("a decision is a job like any other: mapped, repeated, caught on its edge, done by a worker") {
    const std::string failures = run_scenarios(R"(
case its result is mapped
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <businessRuleTask id="decide"><extensionElements><zeebe:calledDecision decisionId="fee" resultVariable="r"/><zeebe:ioMapping><zeebe:input source="=area * 2" target="size"/><zeebe:output source="=r.amount" target="fee"/></zeebe:ioMapping></extensionElements></businessRuleTask>
  start -> decide -> after
start {"area": 3}
expect jobs decide
complete decide {"r": {"amount": 7}}
expect tasks after
expect variable fee 7
expect variable r nothing

case each of a list
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <businessRuleTask id="decide"><extensionElements><zeebe:calledDecision decisionId="fee" resultVariable="r"/></extensionElements><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]" outputCollection="all" outputElement="=r"/></extensionElements></multiInstanceLoopCharacteristics></businessRuleTask>
  start -> decide -> after
start
expect jobs decide decide
complete decide {"r": "a"}
complete decide {"r": "b"}
expect tasks after
expect variable all ["a","b"]
expect variable r nothing

case it fails, or is an error of the model
deploy
  <startEvent id="start"/> <userTask id="after"/> <userTask id="by_hand"/>
  <businessRuleTask id="decide"><extensionElements><kaigong:decision id="fee" result="r"/></extensionElements></businessRuleTask>
  <boundaryEvent id="wrong" attachedToRef="decide"><errorEventDefinition/></boundaryEvent>
  start -> decide -> after
  wrong -> by_hand
start
fail decide no row fits
expect incidents decide:bpmn.job_failed
resolve decide
throw decide NO_ROW
expect tasks by_hand

case a worker of its own needs no decision
deploy
  <startEvent id="start"/> <businessRuleTask id="decide"><extensionElements><zeebe:taskDefinition type="rules"/></extensionElements></businessRuleTask>
  start -> decide
start
expect jobs decide
complete decide
expect completed
)");
    CHECK(failures == "");
}
