#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a user task waits until it is completed, once") {
    const std::string failures = run_scenarios(R"(
case plain
deploy
  <startEvent id="start"/> <userTask id="accept"/> <endEvent id="done"/>
  start -> accept -> done
start
expect running
expect tasks accept
expect events instance_started token_arrived element_completed token_arrived task_opened
complete accept {"accept_outcome": "accept", "accept_by": "clerk"}
expect events variables_set task_completed element_completed token_arrived element_completed instance_completed
expect completed
expect variable accept_outcome "accept"
expect passed start accept done
complete accept
error bpmn.not_running

case a second token opens a second task
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="rest"/>
  start -> fork
  fork -> a
  fork -> rest -> a
start
expect tasks a rest
complete rest
expect tasks a a
complete a
complete a
expect completed
complete a
error bpmn.not_running

case a job is not completed as a task, nor a task that is not open
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/>
  start -> a -> b
start
complete b
error bpmn.task_not_open
complete a
complete a
error bpmn.task_not_open
expect tasks b
)");
    CHECK(failures == "");
}

TEST_CASE("a user task's group comes from its own extension, then from the modeller's, then from its lane") {
    const auto definition = parse(model_xml(R"(
<laneSet id="lanes"><lane id="l1" kaigong:group="housing:section_head"><flowNodeRef>by_lane</flowNodeRef><flowNodeRef>own</flowNodeRef>
<flowNodeRef>sub</flowNodeRef><childLaneSet id="c"><lane id="l2" name="窗口"><flowNodeRef>nested</flowNodeRef></lane></childLaneSet></lane></laneSet>
<startEvent id="start"/>
<userTask id="by_lane"/> <userTask id="nested"/>
<userTask id="own"><extensionElements><kaigong:task kind="review" department="fire" role="reviewer"/></extensionElements></userTask>
<userTask id="applicant"><extensionElements><kaigong:task kind="correct" group="applicant"/></extensionElements></userTask>
<userTask id="zeebe"><extensionElements><zeebe:assignmentDefinition assignee="li" candidateGroups="clerks"/><zeebe:formDefinition formId="f1"/></extensionElements></userTask>
<userTask id="camunda" camunda:candidateGroups="officers" camunda:formKey="f2"/>
sub {
<startEvent id="inner_start"/> <userTask id="inner"/>
inner_start -> inner
}
start -> by_lane -> nested -> own -> applicant -> zeebe -> camunda -> sub
)"))
                                .value();
    const auto group = [&](const char* id) { return definition.find(id)->group; };
    CHECK(group("by_lane") == "housing:section_head");
    CHECK(group("nested") == "窗口");
    CHECK(group("own") == "fire:reviewer");
    CHECK(group("applicant") == "applicant");
    CHECK(group("zeebe") == "clerks");
    CHECK(group("camunda") == "officers");
    CHECK(group("inner") == "housing:section_head");
    CHECK(definition.find("zeebe")->assignee == "li");
    CHECK(definition.find("zeebe")->form_key == "f1");
    CHECK(definition.find("camunda")->form_key == "f2");
    CHECK(definition.find("own")->kaigong("task")->attribute("kind") == "review");
}
