#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a script is FEEL, and its value goes to its result variable") {
    const std::string failures = run_scenarios(R"(
case of the Zeebe modeller
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="add"><extensionElements><zeebe:script expression="=fee * 2" resultVariable="total"/></extensionElements></scriptTask>
  start -> add -> after
start {"fee": 3}
expect tasks after
expect variable total 6

case of BPMN itself, with the variable of the Camunda modeller
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="add" scriptFormat="feel" camunda:resultVariable="total"><script>fee + 1</script></scriptTask>
  start -> add -> after
start {"fee": 3}
expect tasks after
expect variable total 4

case a list, a context
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="add"><extensionElements><zeebe:script expression="={all: for x in fees return x + 1}" resultVariable="r"/></extensionElements></scriptTask>
  start -> add -> after
start {"fees": [1, 2]}
expect variable r {"all":[2,3]}

case without a result variable, without a script
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="one"><script>1</script></scriptTask> <scriptTask id="two"/>
  start -> one -> two -> after
start
expect tasks after
expect passed start one two

case with mappings
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="add"><extensionElements><zeebe:script expression="=x + 1" resultVariable="r"/><zeebe:ioMapping><zeebe:input source="=fee" target="x"/><zeebe:output source="=r * 10" target="total"/></zeebe:ioMapping></extensionElements></scriptTask>
  start -> add -> after
start {"fee": 3}
expect variable total 40
expect variable r nothing
expect variable x nothing

case done by a worker
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="add"><extensionElements><zeebe:taskDefinition type="python"/></extensionElements><script>anything at all</script></scriptTask>
  start -> add -> after
start
expect jobs add
complete add {"r": 1}
expect variable r 1

case in another language
deploy
  <startEvent id="start"/> <scriptTask id="s" scriptFormat="groovy"><script>1</script></scriptTask>
  start -> s
error script_language s

case not FEEL
deploy
  <startEvent id="start"/> <scriptTask id="s"><script>1 +</script></scriptTask>
  start -> s
error bad_expression s

case not FEEL, of the Zeebe modeller
deploy
  <startEvent id="start"/> <scriptTask id="s"><extensionElements><zeebe:script expression="=1 +" resultVariable="r"/></extensionElements></scriptTask>
  start -> s
error bad_expression s
)");
    CHECK(failures == "");
}

TEST_CASE("a script that fails stops visibly and can be repaired") {
    const std::string failures = run_scenarios(R"(
case a value that is missing
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="add"><extensionElements><zeebe:script expression="=fee + 1" resultVariable="total"/></extensionElements></scriptTask>
  start -> add -> after
start
expect incidents add:bpmn.script_failed
resolve add {"fee": 1}
expect tasks after
expect variable total 2

case one of several instances
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="add"><extensionElements><zeebe:script expression="=n + plus" resultVariable="r"/></extensionElements><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]" inputElement="n" outputCollection="all" outputElement="=r"/></extensionElements></multiInstanceLoopCharacteristics></scriptTask>
  start -> add -> after
start
expect incidents add:bpmn.script_failed add:bpmn.script_failed
resolve add {"plus": 1}
resolve add
expect tasks after
expect variable all [2,3]
expect variable r nothing
)");
    CHECK(failures == "");
}

TEST_CASE("throw error raises a BPMN error, only in a script") {
    const std::string failures = run_scenarios(R"(
case caught on its edge by its code
deploy
  <startEvent id="start"/> <userTask id="after"/> <userTask id="mend"/>
  <scriptTask id="judge"><extensionElements><zeebe:script expression="=if amount &gt; 10 then throw error(&quot;TOO_MUCH&quot;) else amount" resultVariable="r"/></extensionElements></scriptTask>
  <boundaryEvent id="wrong" attachedToRef="judge"><errorEventDefinition errorRef="e"/></boundaryEvent>
  start -> judge -> after
  wrong -> mend
  root <error id="e" errorCode="TOO_MUCH"/>
start {"amount": 11}
expect tasks mend
expect variable r nothing

case not thrown
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="judge" camunda:resultVariable="r"><script>if amount > 10 then throw error("TOO_MUCH") else amount</script></scriptTask>
  start -> judge -> after
start {"amount": 1}
expect tasks after
expect variable r 1

case caught by nobody
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="judge"><script>throw error("E")</script></scriptTask>
  start -> judge -> after
start
expect incidents judge:bpmn.error_not_caught

case caught by an event sub-process
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <scriptTask id="judge"><script>throw error("E")</script></scriptTask>
  <subProcess id="rescue" triggeredByEvent="true"> <startEvent id="failed"><errorEventDefinition/></startEvent> <userTask id="mend"/>
  failed -> mend
  </subProcess>
  start -> judge -> after
start
expect tasks mend

case in a condition it is not known
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a when throw error("E")
error bad_expression start_a
)");
    CHECK(failures == "");
}
