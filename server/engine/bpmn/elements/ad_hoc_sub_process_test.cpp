#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

std::string told(const std::string& attributes, const std::string& inside, const std::string& story) {
    return run_scenarios(
        "case it\ndeploy\n  <startEvent id=\"start\"/> <userTask id=\"after\"/>\n  <adHocSubProcess id=\"any\" " +
        attributes + ">\n" + inside + "\n  </adHocSubProcess>\n  start -> any -> after\n" + story);
}

const std::string kThree = "  <userTask id=\"a\"/> <userTask id=\"b\"/> <userTask id=\"c\"/>\n";

std::string complete_when(const std::string& condition) {
    return "  <completionCondition>=" + condition + "</completionCondition>\n";
}

}  // namespace

TEST_CASE("its activities begin all at once, in no order, and it ends with the last") {
    CHECK(told("", kThree, R"(
start
expect tasks a b c
complete b
complete a
expect tasks c
complete c
expect tasks after
)") == "");
    CHECK(told("", kThree + "  <userTask id=\"a2\"/>\n  a -> a2\n", R"(
start
expect tasks a b c
complete a
expect tasks a2 b c
complete b
complete c
expect tasks a2
complete a2
expect tasks after
)") == "");
}

TEST_CASE("sequential: one at a time") {
    CHECK(told("ordering=\"Sequential\"", kThree, R"(
start
expect tasks a
complete a
expect tasks b
complete b
complete c
expect tasks after
)") == "");
    CHECK(told("ordering=\"Sequential\"", kThree + complete_when("enough"), R"(
start {"enough": false}
complete a
expect tasks b
complete b {"enough": true}
expect tasks after
)") == "");
    CHECK(told("ordering=\"Sequential\" cancelRemainingInstances=\"false\"", kThree + complete_when("enough"), R"(
start {"enough": false}
complete a {"enough": true}
expect tasks after
)") == "");
}

TEST_CASE("its completion condition ends it after an activity, what is open is cancelled or may finish") {
    CHECK(told("", kThree + complete_when("enough"), R"(
start {"enough": false}
complete a
expect tasks b c
complete b {"enough": true}
expect tasks after
)") == "");
    CHECK(told("cancelRemainingInstances=\"false\"",
               kThree + "  <userTask id=\"a2\"/>\n  a -> a2\n" + complete_when("enough"),
               R"(
start {"enough": true}
complete a
expect tasks b c
complete b
complete c
expect tasks after
)") == "");
}

TEST_CASE("a completion condition that fails shows, the activities go on, and it waits until that is repaired") {
    CHECK(told("", kThree + complete_when("enough"), R"(
start
complete a
expect incidents any:bpmn.condition_not_boolean
expect tasks b c
complete b
complete c
expect tasks
expect incidents any:bpmn.condition_not_boolean
resolve any {"enough": false}
expect tasks after
)") == "");
    CHECK(told("ordering=\"Sequential\"", kThree + complete_when("enough"), R"(
start
complete a
expect incidents any:bpmn.condition_not_boolean
expect tasks
resolve any {"enough": false}
expect tasks b
complete b {"enough": true}
expect tasks after
)") == "");
}

TEST_CASE("it is repeated, has events on its edge, and repeats what is in it") {
    const std::string failures = run_scenarios(R"(
case repeated
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <adHocSubProcess id="any" ordering="Sequential"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
  <userTask id="a"/> <userTask id="b"/>
  </adHocSubProcess>
  start -> any -> after
start
expect tasks a a
complete a
expect tasks a b
complete a
complete b
complete b
expect tasks after

case a timer
deploy
  <startEvent id="start"/> <userTask id="late"/>
  <adHocSubProcess id="any">
  <userTask id="a"/> <userTask id="b"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  </adHocSubProcess>
  timer over on any after PT1H
  start -> any
  over -> late
start
expect tasks a b b
complete b
complete b
expect tasks a
advance PT1H
expect tasks late

case nothing in it
deploy
  <startEvent id="start"/> <adHocSubProcess id="any"/>
  start -> any
error ad_hoc_empty any

case a condition in another language
deploy
  <startEvent id="start"/>
  <adHocSubProcess id="any">
  <completionCondition>${done.get()}</completionCondition> <userTask id="a"/>
  </adHocSubProcess>
  start -> any
error expression_language any
)");
    CHECK(failures == "");
}

TEST_CASE("only those begin that a list of ids names, and a list that names none of them stops visibly") {
    const std::string chosen =
        R"(  <extensionElements><zeebe:adHoc activeElementsCollection="=wanted"/></extensionElements>)" + kThree;
    CHECK(told("", chosen, R"(
start {"wanted": ["c", "a"]}
expect tasks a c
complete a
complete c
expect tasks after
)") == "");
    CHECK(told("", chosen, R"(
start {"wanted": []}
expect tasks after
)") == "");
    CHECK(told("", chosen, R"(
start {"wanted": ["after"]}
expect incidents any:bpmn.activities_unknown
)") == "");
}

TEST_CASE("start and end events have no place in an ad-hoc sub-process") {
    CHECK(told("", kThree + R"(  <endEvent id="done"/>)", "error not_in_ad_hoc done\n") == "");
    CHECK(told("", kThree + R"(  <startEvent id="begin"/>)", "error not_in_ad_hoc begin\n") == "");
}
