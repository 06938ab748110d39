#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a transaction is left by its flow, by its cancel event when it is undone, or by an error as it stands") {
    const std::string model = R"(
deploy
  <startEvent id="start"/> <userTask id="booked"/> <userTask id="given_up"/> <userTask id="broken"/>
  <transaction id="trip">
  <startEvent id="s"/> <parallelGateway id="fork"/> <parallelGateway id="join"/>
  <userTask id="hotel"/> <boundaryEvent id="on_hotel" attachedToRef="hotel"><compensateEventDefinition/></boundaryEvent>
  <userTask id="undo_hotel" isForCompensation="true"/> <association id="a1" sourceRef="on_hotel" targetRef="undo_hotel"/>
  <userTask id="flight"/> <boundaryEvent id="on_flight" attachedToRef="flight"><compensateEventDefinition/></boundaryEvent>
  <userTask id="undo_flight" isForCompensation="true"/> <association id="a2" sourceRef="on_flight" targetRef="undo_flight"/>
  <userTask id="insure"/> <userTask id="pay"/> <exclusiveGateway id="paid" default="paid_no"/> <endEvent id="yes"/>
  <endEvent id="no"><cancelEventDefinition/></endEvent>
  s -> fork
  fork -> hotel -> join
  fork -> flight -> join
  fork -> insure
  join -> pay -> paid
  paid -> yes when money
  paid -> no
  </transaction>
  <boundaryEvent id="cancelled" attachedToRef="trip"><cancelEventDefinition/></boundaryEvent>
  <boundaryEvent id="hazard" attachedToRef="trip"><errorEventDefinition/></boundaryEvent>
  start -> trip -> booked
  cancelled -> given_up
  hazard -> broken
start
complete hotel
complete flight
expect tasks insure pay
)";
    CHECK(run_scenarios("case it is done" + model + R"(
complete pay {"money": true}
expect tasks insure
complete insure
expect tasks booked
)") == "");
    CHECK(run_scenarios("case it is undone, the last first, what is open is cancelled" + model + R"(
complete pay {"money": false}
expect tasks undo_flight
complete undo_flight
expect tasks undo_hotel
complete undo_hotel
expect tasks given_up
complete given_up
expect completed
)") == "");
    CHECK(run_scenarios("case it fails: nothing is undone" + model + R"(
throw insure E
expect tasks broken
)") == "");
}

TEST_CASE("a transaction without anything done is cancelled at once, and one in a repetition cancels the whole") {
    const std::string failures = run_scenarios(R"(
case nothing done
deploy
  <startEvent id="start"/> <userTask id="given_up"/>
  <transaction id="trip">
  <startEvent id="s"/> <endEvent id="no"><cancelEventDefinition/></endEvent>
  s -> no
  </transaction>
  <boundaryEvent id="cancelled" attachedToRef="trip"><cancelEventDefinition/></boundaryEvent>
  start -> trip
  cancelled -> given_up
start
expect tasks given_up

case one of several
deploy
  <startEvent id="start"/> <userTask id="given_up"/> <userTask id="after"/>
  <transaction id="trip"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
  <startEvent id="s"/> <userTask id="a"/> <exclusiveGateway id="g" default="g_no"/> <endEvent id="yes"/> <endEvent id="no"><cancelEventDefinition/></endEvent>
  s -> a -> g
  g -> yes when ok
  g -> no
  </transaction>
  <boundaryEvent id="cancelled" attachedToRef="trip"><cancelEventDefinition/></boundaryEvent>
  start -> trip -> after
  cancelled -> given_up
start
complete a {"ok": false}
expect tasks given_up
complete given_up
expect completed

case a cancel that nobody would catch
deploy
  <startEvent id="start"/>
  <transaction id="trip">
  <startEvent id="s"/> <endEvent id="no"><cancelEventDefinition/></endEvent>
  s -> no
  </transaction>
  start -> trip
error cancel_not_caught trip

case a cancel outside a transaction
deploy
  <startEvent id="start"/> <endEvent id="no"><cancelEventDefinition/></endEvent>
  start -> no
error cancel_outside_transaction no
)");
    CHECK(failures == "");
}
