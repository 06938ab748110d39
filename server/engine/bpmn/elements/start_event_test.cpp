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

case a start by message
deploy
  <startEvent id="start"><messageEventDefinition/></startEvent> <userTask id="a"/>
  start -> a
error unsupported_element start
)");
    CHECK(failures == "");
}
