#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an instance begins at its one plain start event, once") {
    const std::string failures = run_scenarios(R"(
case starts once
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a
start {"x": 1}
expect variable x 1
expect passed start
start
error bpmn.already_started

case nothing is done before the start
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a
complete a
error bpmn.not_running
cancel now
error bpmn.not_running

case an instance without a waiting step is over at once
deploy
  <startEvent id="start"/>
start
expect completed

case no start
deploy
  <userTask id="a"/> <userTask id="b"/>
  a -> b
  b -> a
error start_missing p

case two starts
deploy
  <startEvent id="start"/> <startEvent id="again"/> <userTask id="a"/>
  start -> a
  again -> a
error several_starts again

case a way back to the start
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a -> start
error start_has_incoming start

case one of several ways to begin
deploy
  <startEvent id="start"/> <startEvent id="asked"><messageEventDefinition/></startEvent> <userTask id="a"/>
  <userTask id="b"/>
  start -> a
  asked -> b
start at asked {"x": 1}
expect tasks b
expect variable x 1

case a start event that is not there
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a
start at elsewhere
error bpmn.no_such_start

case a start by message alone
deploy
  <startEvent id="asked"><messageEventDefinition/></startEvent> <userTask id="a"/>
  asked -> a
start
expect tasks a

case without a start event everything that no flow leads to begins
deploy
  <userTask id="a"/> <userTask id="b"/> <userTask id="c"/>
  a -> c
start
expect tasks a b

case a trigger that can't begin a process
deploy
  <startEvent id="start"><errorEventDefinition/></startEvent> <userTask id="a"/>
  start -> a
error start_trigger_misplaced start
)");
    CHECK(failures == "");
}
