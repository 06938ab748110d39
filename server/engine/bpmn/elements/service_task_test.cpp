#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a service task is a job that is completed or fails visibly") {
    const std::string failures = run_scenarios(R"(
case completed with variables
deploy
  <startEvent id="start"/> <userTask id="a"/>
  <serviceTask id="mail"><extensionElements><kaigong:job type="letters.issue"/></extensionElements></serviceTask>
  start -> mail -> a
start
expect jobs mail
expect events instance_started token_arrived element_completed token_arrived job_created
complete mail {"letter": "l-1"}
expect events variables_set job_completed element_completed token_arrived task_opened
expect variable letter "l-1"
complete mail
error bpmn.task_not_open

case a failed job stops with an incident until it is tried again
deploy
  <startEvent id="start"/>
  <serviceTask id="mail"><extensionElements><zeebe:taskDefinition type="mail"/></extensionElements></serviceTask>
  start -> mail
start
fail mail the printer is out of paper
expect incidents mail:bpmn.job_failed
expect jobs
expect running
resolve mail
expect events incident_resolved job_created
expect jobs mail
complete mail
expect completed

case a job without a type is known by its id
deploy
  <startEvent id="start"/> <serviceTask id="mail"/>
  start -> mail
warning job_type_missing mail
start
expect jobs mail
)");
    CHECK(failures == "");
}

TEST_CASE("a failed job can be neither completed nor failed again before its incident is resolved") {
    TwinInstance instance(parse(model_xml(R"(
<startEvent id="start"/>
<serviceTask id="mail"><extensionElements><kaigong:job type="mail"/></extensionElements></serviceTask>
start -> mail
)"))
                              .value());
    REQUIRE(instance.carry_out(Start{}, 1));
    const std::int64_t token = waiting_for(instance.state()).jobs.at(0).token;
    CHECK(instance.carry_out(CompleteTask{token, {}}, 2).error().reason == "bpmn.task_not_open");
    REQUIRE(instance.carry_out(FailJob{token, std::string(5'000, 'x')}, 2));
    CHECK(waiting_for(instance.state()).incidents.at(0).message.size() < 2'100);
    CHECK(instance.carry_out(CompleteJob{token, {}}, 3).error().reason == "bpmn.incident_open");
    CHECK(instance.carry_out(FailJob{token, "again"}, 3).error().reason == "bpmn.incident_open");
    CHECK(instance.definition().find("mail")->job_type == "mail");
}
