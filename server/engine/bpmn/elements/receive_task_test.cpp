#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a receive task waits for its message") {
    const std::string failures = run_scenarios(R"(
case received
deploy
  <startEvent id="start"/> <receiveTask id="wait" messageRef="m"/> <userTask id="after"/>
  start -> wait -> after
  root <message id="m" name="paid"/>
start
expect waits wait
expect tasks
message other
error bpmn.nobody_waits
message paid {"amount": 5}
expect tasks after
expect waits
expect variable amount 5
message paid
error bpmn.nobody_waits

case by its key, text and number alike
deploy
  <startEvent id="start"/> <receiveTask id="wait" messageRef="m"/> <userTask id="after"/>
  start -> wait -> after
  root <message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=number"/></extensionElements></message>
start {"number": 42}
message paid
error bpmn.nobody_waits
message paid key 41
error bpmn.nobody_waits
message paid key 42
expect tasks after

case a key that is missing is repaired
deploy
  <startEvent id="start"/> <receiveTask id="wait" messageRef="m"/> <userTask id="after"/>
  start -> wait -> after
  root <message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=number"/></extensionElements></message>
start
expect waits
expect incidents wait:bpmn.correlation_key_missing
resolve wait {"number": "x"}
expect waits wait
message paid key x
expect tasks after

case with mappings
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <receiveTask id="wait" messageRef="m"><extensionElements><zeebe:ioMapping><zeebe:output source="=amount * 2" target="twice"/></zeebe:ioMapping></extensionElements></receiveTask>
  start -> wait -> after
  root <message id="m" name="paid"/>
start
message paid {"amount": 5}
expect tasks after
expect variable twice 10
expect variable amount nothing

case events on its edge
deploy
  <startEvent id="start"/> <receiveTask id="wait" messageRef="m"/> <userTask id="after"/> <userTask id="late"/>
  timer over on wait after PT1H
  start -> wait -> after
  over -> late
  root <message id="m" name="paid"/>
start
expect timers over
advance PT1H
expect tasks late
expect waits
message paid
error bpmn.nobody_waits

case one message for each of a list, by the key of each
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <receiveTask id="wait" messageRef="m"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=orders" inputElement="order" outputCollection="all" outputElement="=amount"/></extensionElements></multiInstanceLoopCharacteristics></receiveTask>
  start -> wait -> after
  root <message id="m" name="paid"><extensionElements><zeebe:subscription correlationKey="=order"/></extensionElements></message>
start {"orders": ["a", "b"]}
expect waits wait wait
message paid key b {"amount": 2}
expect waits wait
message paid key a {"amount": 1}
expect tasks after
expect variable all [1,2]

case two wait for the same: the oldest gets it
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <receiveTask id="one" messageRef="m"/> <receiveTask id="two" messageRef="m"/> <userTask id="after"/>
  start -> fork
  fork -> one -> after
  fork -> two
  root <message id="m" name="paid"/>
start
message paid
expect waits two
expect tasks after

case behind an event-based gateway
deploy
  <startEvent id="start"/> <eventBasedGateway id="g"/> <receiveTask id="one" messageRef="m"/> <receiveTask id="two" messageRef="n"/> <userTask id="a"/> <userTask id="b"/>
  start -> g
  g -> one -> a
  g -> two -> b
  root <message id="m" name="paid"/> <message id="n" name="refused"/>
start
expect waits one two
message refused
expect tasks b
expect waits

case begins nothing
deploy
  <startEvent id="start"/> <receiveTask id="wait" instantiate="true"/>
  start -> wait
error unsupported_element wait

case a message that is not in the file
deploy
  <startEvent id="start"/> <receiveTask id="wait" messageRef="m"/>
  start -> wait
error reference_unknown wait
)");
    CHECK(failures == "");
}

TEST_CASE("what a receive task caught is told as a message") {
    TwinInstance instance(parse(model_xml(R"(
root <message id="m" name="paid"/>
<startEvent id="start"/> <receiveTask id="wait" messageRef="m"/>
start -> wait
)"))
                              .value());
    REQUIRE(instance.carry_out(Start{}, 1));
    REQUIRE(instance.carry_out(CorrelateMessage{"paid", "", {}}, 2));
    std::vector<std::string> triggers;
    for (const Event& event : instance.history()) {
        if (const auto* caught = std::get_if<EventCaught>(&event.fact)) triggers.push_back(caught->trigger);
    }
    CHECK(triggers == std::vector<std::string>{"message"});
}
