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
