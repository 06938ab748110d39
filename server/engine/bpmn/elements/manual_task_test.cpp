#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a manual task is nothing to wait for") {
    const std::string failures = run_scenarios(R"(
case passed
deploy
  <startEvent id="start"/> <manualTask id="carry"/> <userTask id="a"/>
  start -> carry -> a
start
expect passed start carry
expect tasks a
)");
    CHECK(failures == "");
}
