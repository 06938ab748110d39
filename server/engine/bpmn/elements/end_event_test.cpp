#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an end event ends its own token and leaves the others") {
    const std::string failures = run_scenarios(R"(
case the instance ends with its last token
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <endEvent id="one"/> <endEvent id="two"/>
  start -> fork
  fork -> a -> one
  fork -> b -> two
start
complete a
expect running
expect tasks b
complete b
expect completed
expect passed start fork a one b two

case a step without a way out ends its token too
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a
start
complete a
expect completed

case an end with a way out
deploy
  <startEvent id="start"/> <endEvent id="done"/> <userTask id="a"/>
  start -> done -> a
error end_has_outgoing done

case an end by error
deploy
  <startEvent id="start"/> <endEvent id="done"><errorEventDefinition/></endEvent>
  start -> done
error unsupported_element done
)");
    CHECK(failures == "");
}
