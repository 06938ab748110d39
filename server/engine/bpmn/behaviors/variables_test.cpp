#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("input mappings make variables that are seen inside only, output mappings say what goes outwards") {
    const std::string failures = run_scenarios(R"(
case in and out
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=total * 2" target="doubled"/><zeebe:output source="=doubled + typed" target="sum"/></zeebe:ioMapping></extensionElements></userTask>
  start -> a -> after
start {"total": 4}
expect tasks a
expect variable doubled nothing
complete a {"typed": 1}
expect tasks after
expect variable sum 9
expect variable typed nothing
expect variable doubled nothing

case a later mapping sees an earlier one
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=1" target="one"/><zeebe:input source="=one + 1" target="two"/><zeebe:output source="=two" target="result"/><zeebe:output source="=result + 1" target="more"/></zeebe:ioMapping></extensionElements></userTask>
  start -> a -> after
start
complete a
expect variable result 2
expect variable more 3

case without mappings everything goes outwards
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/>
  start -> a -> b
start
complete a {"x": 1}
expect variable x 1

case an input that fails stops before the task opens, and is repaired
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=case.number + 1" target="n"/></zeebe:ioMapping></extensionElements></userTask>
  start -> a -> after
start
expect tasks
expect incidents a:bpmn.mapping_failed
resolve a {"case": {"number": 1}}
expect tasks a

case an output that fails keeps what was done, and is repaired
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:output source="=typed + rate" target="fee"/></zeebe:ioMapping></extensionElements></userTask>
  start -> a -> after
start
complete a {"typed": 2}
expect incidents a:bpmn.mapping_failed
resolve a {"rate": 3}
expect tasks after
expect variable fee 5
expect variable typed nothing

case tasks that are passed at once have mappings, too
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <task id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=1" target="one"/><zeebe:output source="=one + 1" target="two"/></zeebe:ioMapping></extensionElements></task>
  <manualTask id="b"><extensionElements><zeebe:ioMapping><zeebe:input source="=two" target="t"/><zeebe:output source="=t + 1" target="three"/></zeebe:ioMapping></extensionElements></manualTask>
  start -> a -> b -> after
start
expect variable two 2
expect variable three 3

case a mapping without a target
deploy
  <startEvent id="start"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=1"/></zeebe:ioMapping></extensionElements></userTask>
  start -> a
error bad_mapping a
)");
    CHECK(failures == "");
}

TEST_CASE("a variable belongs to the nearest scope that has one of its name, else to the process") {
    const std::string failures = run_scenarios(R"(
case what a sub-process has of its own ends with it
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><extensionElements><zeebe:ioMapping><zeebe:input source="=1" target="own"/></zeebe:ioMapping></extensionElements>
  <startEvent id="s"/> <userTask id="a"/> <exclusiveGateway id="g" default="g_wrong"/> <userTask id="right"/> <userTask id="wrong"/>
  s -> a -> g
  g -> right when own = 5
  g -> wrong
  </subProcess>
  start -> sub -> after
start {"own": 0}
complete a {"own": 5, "shared": 7}
expect tasks right
expect variable own 0
expect variable shared 7
complete right
expect tasks after
expect variable own 0

case what comes back under the name of an input stays inside
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=total" target="shown"/></zeebe:ioMapping></extensionElements></userTask>
  start -> a -> after
start {"total": 1}
complete a {"shown": 2, "total": 3}
expect variable shown nothing
expect variable total 3

case outputs of a sub-process
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><extensionElements><zeebe:ioMapping><zeebe:input source="=0" target="count"/><zeebe:output source="=count" target="counted"/></zeebe:ioMapping></extensionElements>
  <startEvent id="s"/> <userTask id="a"/>
  s -> a
  </subProcess>
  start -> sub -> after
start
complete a {"count": 3}
expect tasks after
expect variable counted 3
expect variable count nothing

case two branches with the same name inside keep to themselves
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:output source="=outcome" target="a_outcome"/></zeebe:ioMapping></extensionElements></userTask>
  <userTask id="b"><extensionElements><zeebe:ioMapping><zeebe:output source="=outcome" target="b_outcome"/></zeebe:ioMapping></extensionElements></userTask>
  <parallelGateway id="join"/> <userTask id="after"/>
  start -> fork
  fork -> a -> join
  fork -> b -> join
  join -> after
start
complete a {"outcome": 1}
complete b {"outcome": 2}
expect variable a_outcome 1
expect variable b_outcome 2
expect variable outcome nothing

case an incident inside is repaired where its variable is
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><extensionElements><zeebe:ioMapping><zeebe:input source="=null" target="own"/></zeebe:ioMapping></extensionElements>
  <startEvent id="s"/> <userTask id="a"/> <userTask id="b"/>
  s -> a
  a -> b when own
  </subProcess>
  start -> sub -> after
start
complete a
expect incidents a:bpmn.condition_not_boolean
resolve a {"own": true}
expect tasks b
expect variable own nothing
)");
    CHECK(failures == "");
}

TEST_CASE("a called process sees what it is given, and gives back what it may") {
    const std::string failures = run_scenarios(R"(
case everything, there and back
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="inside"/><userTask id="more"/><sequenceFlow id="q1" sourceRef="qs" targetRef="inside"/><sequenceFlow id="q2" sourceRef="inside" targetRef="more"><conditionExpression>=x = 1</conditionExpression></sequenceFlow></process>
start {"x": 1}
complete inside {"y": 2}
expect tasks more
expect variable y nothing
complete more
expect tasks after
expect variable y 2

case what others changed meanwhile stays, what it changed comes back
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <callActivity id="call" calledElement="q"/> <userTask id="beside"/> <parallelGateway id="join"/> <userTask id="after"/>
  start -> fork -> call -> join -> after
  fork -> beside -> join
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="inside"/><sequenceFlow id="q1" sourceRef="qs" targetRef="inside"/></process>
start {"votes": 1, "height": 24, "name": "a"}
complete beside {"votes": 2, "height": 25}
complete inside {"height": 30, "name": "a", "report": "ok"}
expect tasks after
expect variable votes 2
expect variable height 30
expect variable name "a"
expect variable report "ok"

case nothing but what is mapped goes in
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <callActivity id="call"><extensionElements><zeebe:calledElement processId="q" propagateAllParentVariables="false"/><zeebe:ioMapping><zeebe:input source="=secret + 1" target="given"/></zeebe:ioMapping></extensionElements></callActivity>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><scriptTask id="look"><extensionElements><zeebe:script expression="={seen: secret, had: given}" resultVariable="report"/></extensionElements></scriptTask><sequenceFlow id="q1" sourceRef="qs" targetRef="look"/></process>
start {"secret": 1}
expect tasks after
expect variable report {"seen":null,"had":2}
expect variable given nothing

case nothing comes back
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <callActivity id="call"><extensionElements><zeebe:calledElement processId="q" propagateAllChildVariables="false"/></extensionElements></callActivity>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="inside"/><sequenceFlow id="q1" sourceRef="qs" targetRef="inside"/></process>
start {"x": 1}
complete inside {"x": 2, "y": 3}
expect tasks after
expect variable x 1
expect variable y nothing

case nothing but what is mapped comes back
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <callActivity id="call"><extensionElements><zeebe:calledElement processId="q" propagateAllChildVariables="false"/><zeebe:ioMapping><zeebe:output source="=y + x" target="z"/></zeebe:ioMapping></extensionElements></callActivity>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="inside"/><sequenceFlow id="q1" sourceRef="qs" targetRef="inside"/></process>
start {"x": 1}
complete inside {"y": 3}
expect tasks after
expect variable z 4
expect variable y nothing

case an incident inside is repaired inside
deploy
  <startEvent id="start"/> <callActivity id="call" calledElement="q"/> <userTask id="after"/>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="inside"/><userTask id="more"/><sequenceFlow id="q1" sourceRef="qs" targetRef="inside"/><sequenceFlow id="q2" sourceRef="inside" targetRef="more"><conditionExpression>=ok</conditionExpression></sequenceFlow></process>
start
complete inside
expect incidents inside:bpmn.condition_not_boolean
resolve inside {"ok": true}
expect tasks more
)");
    CHECK(failures == "");
}

TEST_CASE("each of several calls has its own variables, and a call that is computed closes them in as well") {
    const auto definition = parse(model_xml(R"(
  <startEvent id="start"/> <userTask id="after"/>
  <callActivity id="call"><extensionElements><zeebe:calledElement processId="=target" propagateAllParentVariables="false"/></extensionElements><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]" inputElement="n" outputCollection="all" outputElement="=r"/></extensionElements></multiInstanceLoopCharacteristics></callActivity>
  start -> call -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><scriptTask id="look"><extensionElements><zeebe:script expression="={n: n, target: target}" resultVariable="r"/></extensionElements></scriptTask><userTask id="inside"/><sequenceFlow id="q1" sourceRef="qs" targetRef="look"/><sequenceFlow id="q2" sourceRef="look" targetRef="inside"/></process>
)"),
                                  "p");
    TwinInstance instance(definition.value());
    REQUIRE(instance.carry_out(Start{{{"target", "q"}}, ""}, 1));
    for (const OpenTask& task : waiting_for(instance.state()).tasks) {
        REQUIRE(instance.carry_out(CompleteTask{task.token, {}}, 2));
    }
    CHECK(active_elements(instance.state()) == std::vector<std::string>{"after"});
    const boost::json::object& variables = instance.state().variables;
    CHECK(boost::json::serialize(variables.at("all")) == R"([{"n":1,"target":null},{"n":2,"target":null}])");
    CHECK(variables.size() == 2);
}

TEST_CASE("a mapping's target with a dot is a member, and a source without = stands for itself") {
    const std::string failures = run_scenarios(R"(
case into a local context
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="look"><extensionElements><zeebe:script expression="=site" resultVariable="seen"/><zeebe:ioMapping><zeebe:input source="=area" target="site.size.area"/><zeebe:input source="西湖区" target="site.region"/><zeebe:input source="42" target="site.number"/></zeebe:ioMapping></extensionElements></scriptTask>
  start -> look -> after
start {"area": 7}
expect variable seen {"size":{"area":7},"region":"西湖区","number":42}
expect variable site nothing

case outwards, beside what stands there
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="look"><extensionElements><zeebe:ioMapping><zeebe:output source="=found" target="site.found"/></zeebe:ioMapping></extensionElements></userTask>
  start -> look -> after
start {"site": {"region": "x", "found": 0}}
complete look {"found": 3}
expect variable site {"region":"x","found":3}

case over what is no context
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="look"><extensionElements><zeebe:ioMapping><zeebe:output source="=found" target="site.found"/></zeebe:ioMapping></extensionElements></userTask>
  start -> look -> after
start {"site": 5}
complete look {"found": 3}
expect variable site {"found":3}
)");
    CHECK(failures == "");
}
