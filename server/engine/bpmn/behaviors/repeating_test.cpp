#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

/// One story a test: the model is the same in many of them.
std::string repetitions_told(const std::string& model, const std::string& story) {
    return run_scenarios("case it\ndeploy\n" + model + story);
}

std::string signers(const std::string& characteristics) {
    return R"(
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="sign">)" +
           characteristics + R"(</userTask>
  start -> sign -> after
)";
}

const std::string kThreeTimes =
    "<multiInstanceLoopCharacteristics><loopCardinality>=3</loopCardinality></multiInstanceLoopCharacteristics>";

/// Opinions of the departments in a list, in the order of the departments.
std::string opinions(const std::string& attributes, const std::string& more) {
    return R"(<multiInstanceLoopCharacteristics )" + attributes +
           R"(><extensionElements><zeebe:loopCharacteristics inputCollection="=departments" inputElement="department" )"
           R"(outputCollection="opinions" outputElement="={who: department, says: opinion}"/></extensionElements>)" +
           more + "</multiInstanceLoopCharacteristics>";
}

}  // namespace

TEST_CASE("parallel instances are open all at once, and the activity is left when the last is done") {
    const std::string failures = run_scenarios(R"(
case three by number
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="sign"><multiInstanceLoopCharacteristics><loopCardinality>=n</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  start -> sign -> after
start {"n": 3}
expect tasks sign sign sign
complete sign
complete sign
expect tasks sign
expect passed start sign
complete sign
expect tasks after

case none at all
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="sign"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="answers" outputElement="=person"/></extensionElements></multiInstanceLoopCharacteristics></userTask>
  start -> sign -> after
start {"people": []}
expect tasks after
expect variable answers []

case one after the other, none at all
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="sign"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>0</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  start -> sign -> after
start
expect tasks after

case tasks that nobody waits for
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <task id="step"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></task>
  start -> step -> after
start
expect tasks after
expect events instance_started token_arrived element_completed token_arrived repeat_opened instance_arrived instance_arrived element_completed element_completed scope_emptied element_completed token_arrived task_opened
)");
    CHECK(failures == "");
}

TEST_CASE("sequential instances are open one at a time") {
    CHECK(repetitions_told(signers(opinions(R"(isSequential="true")", "")), R"(
start {"departments": ["fire", "water"]}
expect tasks sign
complete sign {"opinion": "yes"}
expect tasks sign
complete sign {"opinion": "no"}
expect tasks after
expect variable opinions [{"who":"fire","says":"yes"},{"who":"water","says":"no"}]
)") == "");
}

TEST_CASE("results stand in the order of the items, whoever is done first, with holes for those cut short") {
    // Completed out of order: the tasks are told apart by their token.
    TwinInstance instance(parse(model_xml(signers(opinions("", "")))).value());
    REQUIRE(instance.carry_out(Start{{{"departments", {"a", "b", "c"}}}}, 1));
    const auto tasks = waiting_for(instance.state()).tasks;
    REQUIRE(tasks.size() == 3);
    REQUIRE(instance.carry_out(CompleteTask{tasks[2].token, {{"opinion", 3}}}, 2));
    REQUIRE(instance.carry_out(RemoveInstance{tasks[1].token, "no longer asked"}, 3));
    REQUIRE(instance.carry_out(CompleteTask{tasks[0].token, {{"opinion", 1}}}, 4));
    const auto& opinions = instance.state().variables.at("opinions").as_array();
    REQUIRE(opinions.size() == 3);
    CHECK(opinions[0].at("who") == "a");
    CHECK(opinions[0].at("says") == 1);
    CHECK(opinions[1].is_null());
    CHECK(opinions[2].at("who") == "c");
    CHECK(opinions[2].at("says") == 3);
    CHECK_FALSE(instance.state().variables.contains("department"));
    CHECK_FALSE(instance.state().variables.contains("loopCounter"));
}

TEST_CASE("the condition of completion ends it early and cancels the rest") {
    const std::string any = "<completionCondition>=opinion = \"no\"</completionCondition>";
    CHECK(repetitions_told(signers(opinions("", any)), R"(
start {"departments": ["a", "b", "c"]}
complete sign {"opinion": "yes"}
expect tasks sign sign
complete sign {"opinion": "no"}
expect events variables_set task_completed repeat_result element_completed scope_variables_set token_cancelled variables_set scope_emptied element_completed token_arrived task_opened
expect tasks after
expect variable opinions [{"who":"a","says":"yes"},{"who":"b","says":"no"},null]
)") == "");
    CHECK(repetitions_told(signers(opinions(R"(isSequential="true")", any)), R"(
start {"departments": ["a", "b", "c"]}
complete sign {"opinion": "no"}
expect tasks after
expect variable opinions [{"who":"a","says":"no"},null,null]
)") == "");
    const std::string two =
        R"(<multiInstanceLoopCharacteristics><loopCardinality>4</loopCardinality><completionCondition>=)"
        R"(numberOfCompletedInstances = 2 and numberOfActiveInstances = 2 and numberOfInstances = 4 and )"
        R"(numberOfTerminatedInstances = 0</completionCondition></multiInstanceLoopCharacteristics>)";
    CHECK(repetitions_told(signers(two), R"(
start
complete sign
expect tasks sign sign sign
complete sign
expect tasks after
)") == "");
}

TEST_CASE("the condition of completion sees the item and the results so far") {
    CHECK(repetitions_told(signers(opinions("",
                                            "<completionCondition>=count(opinions[item.says = \"yes\"]) &gt;= 2"
                                            "</completionCondition>")),
                           R"(
start {"departments": ["a", "b", "c", "d"]}
complete sign {"opinion": "yes"}
complete sign {"opinion": "no"}
expect tasks sign sign
complete sign {"opinion": "yes"}
expect tasks after
)") == "");
    CHECK(repetitions_told(signers(opinions("", "<completionCondition>=department = \"b\"</completionCondition>")), R"(
start {"departments": ["a", "b", "c", "d"]}
complete sign
expect tasks sign sign sign
complete sign
expect tasks after
)") == "");
}

TEST_CASE("a condition of completion that fails is repaired without losing an instance") {
    CHECK(repetitions_told(signers(opinions("", "<completionCondition>=enough</completionCondition>")), R"(
start {"departments": ["a", "b", "c"]}
complete sign {"opinion": 1}
expect incidents sign:bpmn.condition_not_boolean
expect tasks sign sign
complete sign {"opinion": 2}
expect tasks sign
resolve sign {"enough": false}
expect incidents
expect tasks sign
complete sign {"opinion": 3}
expect tasks after
expect variable opinions [{"who":"a","says":1},{"who":"b","says":2},{"who":"c","says":3}]
)") == "");
    CHECK(repetitions_told(signers(opinions("", "<completionCondition>=enough</completionCondition>")), R"(
start {"departments": ["a", "b"]}
complete sign {"opinion": 1}
complete sign {"opinion": 2}
expect tasks
expect incidents sign:bpmn.condition_not_boolean
resolve sign
expect incidents sign:bpmn.condition_not_boolean
resolve sign {"enough": false}
expect tasks after
)") == "");
}

TEST_CASE("what is to be done how often can fail, and be repaired") {
    CHECK(repetitions_told(signers(opinions("", "")), R"(
start
expect incidents sign:bpmn.instances_unknown
resolve sign {"departments": "fire"}
expect incidents sign:bpmn.instances_unknown
resolve sign {"departments": ["fire"]}
expect tasks sign
)") == "");
    CHECK(repetitions_told(signers("<multiInstanceLoopCharacteristics><loopCardinality>=n</loopCardinality>"
                                   "</multiInstanceLoopCharacteristics>"),
                           R"(
start {"n": -1}
expect incidents sign:bpmn.instances_unknown
resolve sign {"n": 1.5}
expect incidents sign:bpmn.instances_unknown
resolve sign {"n": 100000}
expect incidents sign:bpmn.instances_unknown
resolve sign {"n": 2}
expect tasks sign sign
)") == "");
    CHECK(repetitions_told(signers("<multiInstanceLoopCharacteristics/>"), "error instances_missing sign\n") == "");
    CHECK(repetitions_told(
              signers("<multiInstanceLoopCharacteristics behavior=\"One\"><loopCardinality>1</loopCardinality>"
                      "</multiInstanceLoopCharacteristics>"),
              "error unsupported_element sign\n") == "");
}

TEST_CASE("what an instance leaves can fail, and be repaired") {
    CHECK(
        repetitions_told(
            signers(
                R"(<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]" outputCollection="sums" outputElement="=1 + missing.part"/></extensionElements></multiInstanceLoopCharacteristics>)"),
            R"(
start
complete sign
expect incidents sign:bpmn.mapping_failed
resolve sign {"missing": {"part": 4}}
complete sign
expect tasks after
expect variable sums [5,5]
)") == "");
}

TEST_CASE("events on the edge belong to the whole") {
    CHECK(repetitions_told(
              signers(kThreeTimes) + "  <userTask id=\"late\"/>\n  timer over on sign after PT1H\n  over -> late\n", R"(
start
expect timers over
complete sign
advance PT1H
expect tasks late
expect timers
)") == "");
    CHECK(repetitions_told(signers(kThreeTimes) +
                               "  <userTask id=\"late\"/>\n  reminder nudge on sign after PT1H\n  nudge -> late\n",
                           R"(
start
advance PT1H
expect tasks late sign sign sign
complete sign
complete sign
complete sign
expect tasks late after
)") == "");
    CHECK(
        repetitions_told(
            signers(kThreeTimes) +
                R"(  <userTask id="late"/> <boundaryEvent id="wrong" attachedToRef="sign"><errorEventDefinition/></boundaryEvent>
  wrong -> late
)",
            R"(
start
complete sign
throw sign E1
expect tasks late
)") == "");
    CHECK(
        repetitions_told(
            signers(kThreeTimes) +
                R"(  <userTask id="late"/> <boundaryEvent id="told" attachedToRef="sign" cancelActivity="false"><escalationEventDefinition/></boundaryEvent>
  told -> late
)",
            R"(
start
escalate sign LATE
expect tasks late sign sign sign
)") == "");
}

TEST_CASE("an error that nobody catches stops its instance, the others go on") {
    CHECK(repetitions_told(signers(kThreeTimes), R"(
start
throw sign E1
expect incidents sign:bpmn.error_not_caught
complete sign
error bpmn.incident_open
)") == "");
}

TEST_CASE("instances of a sub-process keep their joins, variables and event sub-processes apart") {
    const std::string failures = run_scenarios(R"(
case joins
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <parallelGateway id="join"/>
  <userTask id="c"/>
  s -> fork
  fork -> a -> join
  fork -> b -> join
  join -> c
  </subProcess>
  start -> sub -> after
start
expect tasks a b a b
complete a
complete a
expect tasks b b
complete b
expect tasks b c
complete c
expect tasks b
complete b
complete c
expect tasks after

case what one instance came to is not what another one set
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]" inputElement="n" outputCollection="results" outputElement="=result"/></extensionElements></multiInstanceLoopCharacteristics>
  <startEvent id="s"/> <userTask id="a"/> <userTask id="b"/>
  s -> a -> b
  </subProcess>
  start -> sub -> after
start
complete a {"result": "first"}
complete a {"result": "second"}
complete b
complete b
expect tasks after
expect variable results ["first","second"]
expect variable result nothing

case an event sub-process of each
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
  <startEvent id="s"/> <userTask id="a"/>
  s -> a
  <subProcess id="rescue" triggeredByEvent="true"> <startEvent id="failed"><errorEventDefinition/></startEvent> <userTask id="mend"/>
  failed -> mend
  </subProcess>
  </subProcess>
  start -> sub -> after
start
expect tasks a a
throw a E
expect tasks a mend
complete mend
expect tasks a
complete a
expect tasks after

case terminate ends one instance only
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="stop"><terminateEventDefinition/></endEvent>
  s -> fork
  fork -> a
  fork -> b -> stop
  </subProcess>
  start -> sub -> after
start
complete b
expect tasks a b
complete b
expect tasks after
)");
    CHECK(failures == "");
}

TEST_CASE("repetition inside repetition") {
    const std::string failures = run_scenarios(R"(
case a list of lists
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=districts" inputElement="district" outputCollection="all" outputElement="=answers"/></extensionElements></multiInstanceLoopCharacteristics>
  <startEvent id="s"/>
  <userTask id="sign"><multiInstanceLoopCharacteristics isSequential="true"><extensionElements><zeebe:loopCharacteristics inputCollection="=district" inputElement="person" outputCollection="answers" outputElement="=person + said"/></extensionElements></multiInstanceLoopCharacteristics></userTask>
  s -> sign
  </subProcess>
  start -> sub -> after
start {"districts": [["a", "b"], ["c"]]}
expect tasks sign sign
complete sign {"said": "1"}
expect tasks sign sign
complete sign {"said": "2"}
expect tasks sign
complete sign {"said": "3"}
expect tasks after
expect variable all [["a1","b3"],["c2"]]
)");
    CHECK(failures == "");
}

TEST_CASE("instances can be added and removed while it is open") {
    CHECK(repetitions_told(signers(opinions("", "")), R"(
start {"departments": ["a", "b"]}
add sign "water"
expect tasks sign sign sign
remove sign mistaken
expect tasks sign sign
complete sign {"opinion": 1}
complete sign {"opinion": 2}
expect tasks after
expect variable opinions [null,{"who":"b","says":1},{"who":"water","says":2}]
)") == "");
    CHECK(repetitions_told(signers(opinions(R"(isSequential="true")", "")), R"(
start {"departments": ["a"]}
add sign "water"
expect tasks sign
remove sign mistaken
expect tasks sign
complete sign {"opinion": 1}
expect tasks after
expect variable opinions [null,{"who":"water","says":1}]
)") == "");
    CHECK(repetitions_told(signers(kThreeTimes), R"(
start
remove sign x
remove sign x
remove sign x
expect tasks after
add sign 1
error bpmn.not_an_instance
remove after x
error bpmn.not_an_instance
)") == "");
}

TEST_CASE("what has been done and only can't leave is not extended any more") {
    CHECK(repetitions_told(R"(
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="sign">)" + kThreeTimes +
                               R"(</userTask>
  start -> sign
  sign -> after when ok
)",
                           R"(
start
complete sign
complete sign
complete sign
expect incidents sign:bpmn.condition_not_boolean
add sign 1
error bpmn.not_an_instance
resolve sign {"ok": true}
expect tasks after
)") == "");
}

TEST_CASE("mappings are those of each instance") {
    CHECK(repetitions_told(R"(
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="sign"><extensionElements><zeebe:ioMapping><zeebe:input source="=person.name" target="name"/><zeebe:output source="=said + name" target="words"/></zeebe:ioMapping></extensionElements><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="all" outputElement="=words"/></extensionElements></multiInstanceLoopCharacteristics></userTask>
  start -> sign -> after
)",
                           R"(
start {"people": [{"name": "a"}, {"name": "b"}]}
expect tasks sign sign
complete sign {"said": "yes "}
complete sign {"said": "no "}
expect tasks after
expect variable all ["yes a","no b"]
expect variable said nothing
expect variable name nothing
)") == "");
}

TEST_CASE("a standard loop goes on while its condition is true") {
    const std::string failures = run_scenarios(R"(
case asked after each round
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="draft"><standardLoopCharacteristics><loopCondition>=again</loopCondition></standardLoopCharacteristics></userTask>
  start -> draft -> after
start {"again": false}
expect tasks draft
complete draft {"again": true}
expect tasks draft
complete draft {"again": false}
expect tasks after

case asked before
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="draft"><standardLoopCharacteristics testBefore="true"><loopCondition>=again</loopCondition></standardLoopCharacteristics></userTask>
  start -> draft -> after
start {"again": false}
expect tasks after

case no further than its maximum
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="draft"><standardLoopCharacteristics loopMaximum="2"><loopCondition>=true</loopCondition></standardLoopCharacteristics></userTask>
  start -> draft -> after
start
complete draft
expect tasks draft
complete draft
expect tasks after

case a maximum alone
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="draft"><standardLoopCharacteristics loopMaximum="2" testBefore="true"/></userTask>
  start -> draft -> after
start
complete draft
complete draft
expect tasks after

case counted by its condition
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="draft"><standardLoopCharacteristics testBefore="true"><loopCondition>=loopCounter &lt; 2</loopCondition></standardLoopCharacteristics></userTask>
  start -> draft -> after
start
complete draft
expect tasks draft
complete draft
expect tasks after

case a condition that fails is repaired
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="draft"><standardLoopCharacteristics><loopCondition>=again</loopCondition></standardLoopCharacteristics></userTask>
  start -> draft -> after
start
complete draft
expect incidents draft:bpmn.condition_not_boolean
resolve draft {"again": true}
expect tasks draft

case a sub-process in a loop, ended by an event on its edge
deploy
  <startEvent id="start"/> <userTask id="after"/> <userTask id="late"/>
  <subProcess id="sub"><standardLoopCharacteristics><loopCondition>=true</loopCondition></standardLoopCharacteristics>
  <startEvent id="s"/> <userTask id="a"/>
  s -> a
  </subProcess>
  timer over on sub after PT1H
  over -> late
  start -> sub -> after
start
complete a
complete a
expect tasks a
advance PT1H
expect tasks late

case without a condition and without a maximum
deploy
  <startEvent id="start"/> <userTask id="draft"><standardLoopCharacteristics/></userTask>
  start -> draft
error loop_without_end draft

case a maximum that is no number
deploy
  <startEvent id="start"/> <userTask id="draft"><standardLoopCharacteristics loopMaximum="many"/></userTask>
  start -> draft
error bad_loop_maximum draft

case a round is no instance to add or remove
deploy
  <startEvent id="start"/> <userTask id="draft"><standardLoopCharacteristics loopMaximum="2"/></userTask>
  start -> draft
start
add draft 1
error bpmn.not_an_instance
remove draft why
error bpmn.not_an_instance
expect tasks draft
)");
    CHECK(failures == "");
}

TEST_CASE("what repeats for ever without waiting is stopped, and shows") {
    CHECK(repetitions_told(R"(
  <startEvent id="start"/>
  <task id="spin"><standardLoopCharacteristics><loopCondition>=true</loopCondition></standardLoopCharacteristics></task>
  start -> spin
)",
                           R"(
start
expect incidents spin:bpmn.step_limit
)") == "");
}
