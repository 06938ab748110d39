#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

std::vector<EventThrown> thrown(const std::vector<Event>& events) {
    std::vector<EventThrown> found;
    for (const Event& event : events) {
        if (const auto* one = std::get_if<EventThrown>(&event.fact)) found.push_back(*one);
    }
    return found;
}

}  // namespace

TEST_CASE("a send task sends its message and goes on, or is a job of who sends") {
    const std::string failures = run_scenarios(R"(
case sent
deploy
  <startEvent id="start"/> <sendTask id="tell" messageRef="m"/> <userTask id="after"/>
  start -> tell -> after
  root <message id="m" name="granted"/>
start
expect tasks after
expect events instance_started token_arrived element_completed token_arrived event_thrown element_completed token_arrived task_opened

case a job
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <sendTask id="tell"><extensionElements><zeebe:taskDefinition type="mail"/></extensionElements></sendTask>
  start -> tell -> after
start
expect jobs tell
fail tell no address
expect incidents tell:bpmn.job_failed
resolve tell
complete tell {"sent": true}
expect tasks after
expect variable sent true

case a job with events on its edge
deploy
  <startEvent id="start"/> <userTask id="after"/> <userTask id="mend"/> <userTask id="late"/>
  <sendTask id="tell"><extensionElements><zeebe:taskDefinition type="mail"/></extensionElements></sendTask>
  <boundaryEvent id="wrong" attachedToRef="tell"><errorEventDefinition/></boundaryEvent>
  reminder slow on tell after PT1H
  start -> tell -> after
  wrong -> mend
  slow -> late
start
advance PT1H
expect tasks late
expect jobs tell
throw tell NO_ADDRESS
expect tasks late mend
expect jobs

case a name that can't be computed is repaired
deploy
  <startEvent id="start"/> <sendTask id="tell" messageRef="m"/> <userTask id="after"/>
  start -> tell -> after
  root <message id="m" name="=topic"/>
start
expect incidents tell:bpmn.name_missing
resolve tell {"topic": "granted"}
expect tasks after

case a message that is not in the file
deploy
  <startEvent id="start"/> <sendTask id="tell" messageRef="m"/>
  start -> tell
error reference_unknown tell

case without a message its own name is the message's
deploy
  <startEvent id="start"/> <sendTask id="tell"/> <userTask id="after"/>
  start -> tell -> after
warning event_unnamed tell
start
expect tasks after
)");
    CHECK(failures == "");
}

TEST_CASE("a message carries its name, its key, and what is mapped into it") {
    TwinInstance instance(parse(model_xml(R"(
<startEvent id="start"/> <userTask id="after"/>
<sendTask id="tell" messageRef="m"><extensionElements><zeebe:ioMapping><zeebe:input source="=number" target="permit"/></zeebe:ioMapping></extensionElements><multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality></multiInstanceLoopCharacteristics></sendTask>
<sendTask id="plain" messageRef="m"><extensionElements><zeebe:ioMapping><zeebe:input source="=number" target="permit"/></zeebe:ioMapping></extensionElements></sendTask>
start -> plain -> tell -> after
root <message id="m" name="granted"><extensionElements><zeebe:subscription correlationKey="=number"/></extensionElements></message>
)"))
                              .value());
    const auto events = instance.carry_out(Start{{{"number", 42}, {"secret", 1}}, ""}, 1);
    REQUIRE(events);
    const auto messages = thrown(*events);
    REQUIRE(messages.size() == 2);
    CHECK(messages[0].trigger == "message");
    CHECK(messages[0].name == "granted");
    CHECK(messages[0].key == "42");
    CHECK(boost::json::serialize(messages[0].variables) == R"({"permit":42})");
    CHECK(messages[1].variables.contains("permit"));
    CHECK_FALSE(messages[1].variables.contains("secret"));
}
