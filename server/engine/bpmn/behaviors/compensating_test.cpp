#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

/// An activity of that id with the user task `undo_…` that undoes it.
std::string undoable(const std::string& id) {
    return "  <userTask id=\"" + id + "\"/> <boundaryEvent id=\"on_" + id + "\" attachedToRef=\"" + id +
           "\"><compensateEventDefinition/></boundaryEvent> <userTask id=\"undo_" + id +
           "\" isForCompensation=\"true\"/> <association id=\"as_" + id + "\" sourceRef=\"on_" + id +
           "\" targetRef=\"undo_" + id + "\"/>\n";
}

std::string thrown(const std::string& activity) {
    return "  <intermediateThrowEvent id=\"undo\"><compensateEventDefinition" +
           (activity.empty() ? "" : " activityRef=\"" + activity + "\"") + "/></intermediateThrowEvent>\n";
}

std::string told(const std::string& model, const std::string& story) {
    return run_scenarios("case it\ndeploy\n  <startEvent id=\"start\"/> <userTask id=\"after\"/>\n" + model + story);
}

}  // namespace

TEST_CASE("all completed activities of the scope are undone, the last first, and then it goes on") {
    CHECK(told(undoable("a") + undoable("b") + undoable("c") + thrown("") + "  start -> a -> b -> undo -> after\n" +
                   "  <parallelGateway id=\"fork\"/>\n  after -> fork\n  fork -> c\n",
               R"(
start
complete a
complete b
expect tasks undo_b
expect events task_completed compensation_recorded element_completed token_arrived event_thrown compensation_asked compensation_taken instance_arrived task_opened
complete undo_b
expect tasks undo_a
complete undo_a
expect tasks after
expect passed start a b undo_b undo_a undo
complete after
complete c
expect completed
)") == "");
}

TEST_CASE("one activity is undone, the others stay done") {
    CHECK(told(undoable("a") + undoable("b") + thrown("a") + "  start -> a -> b -> undo -> after\n", R"(
start
complete a
complete b
expect tasks undo_a
complete undo_a
expect tasks after
)") == "");
}

TEST_CASE("nothing was done: there is nothing to undo") {
    CHECK(told(undoable("a") + thrown("a") + R"(  <exclusiveGateway id="g" default="g_undo"/>
  start -> g
  g -> a when x = 1
  g -> undo
  a -> undo
  undo -> after
)",
               R"(
start
expect tasks after
)") == "");
}

TEST_CASE("what is still open is not undone, and what was undone is not undone again") {
    CHECK(
        told(
            undoable("a") + undoable("b") + thrown("") +
                R"(  <parallelGateway id="fork"/> <exclusiveGateway id="more" default="more_done"/> <endEvent id="done"/>
  start -> fork
  fork -> a -> undo -> after -> more
  more -> undo when again
  more -> done
  fork -> b
)",
            R"(
start
complete a
expect tasks b undo_a
complete undo_a
complete after {"again": true}
expect tasks b after
complete b
complete after {"again": true}
expect tasks undo_b
)") == "");
}

TEST_CASE("each time an activity was done is undone") {
    CHECK(told(undoable("a") + thrown("") + R"(  <exclusiveGateway id="g" default="g_undo"/>
  start -> a -> g
  g -> a when again
  g -> undo
  undo -> after
)",
               R"(
start
complete a {"again": true}
complete a {"again": false}
expect tasks undo_a
complete undo_a
expect tasks undo_a
complete undo_a
expect tasks after
)") == "");
}

TEST_CASE("what is in a completed sub-process is undone by itself, or by the one who undoes the whole") {
    const std::string sub =
        "  sub {\n  <startEvent id=\"s\"/>\n" + undoable("a") + undoable("b") + "  s -> a -> b\n  }\n";
    CHECK(told(sub + thrown("sub") + "  start -> sub -> undo -> after\n", R"(
start
complete a
complete b
expect tasks undo_b
complete undo_b
complete undo_a
expect tasks after
)") == "");
    CHECK(told(sub + thrown("") +
                   R"(  <boundaryEvent id="on_sub" attachedToRef="sub"><compensateEventDefinition/></boundaryEvent>
  <userTask id="undo_sub" isForCompensation="true"/> <association id="as" sourceRef="on_sub" targetRef="undo_sub"/>
  start -> sub -> undo -> after
)",
               R"(
start
complete a
complete b
expect tasks undo_sub
complete undo_sub
expect tasks after
)") == "");
}

TEST_CASE("undoing sees the variables as they were when the activity was done") {
    const std::string failures = run_scenarios(R"(
case of an activity
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <userTask id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=number" target="booked"/></zeebe:ioMapping></extensionElements></userTask>
  <boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
  <scriptTask id="undo_a" isForCompensation="true"><extensionElements><zeebe:script expression="=booked" resultVariable="freed"/></extensionElements></scriptTask> <association id="as" sourceRef="on_a" targetRef="undo_a"/>
  <intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent>
  start -> a -> undo -> after
start {"number": 7}
complete a {"number": 8}
expect tasks after
expect variable freed 7

case of the sub-process around it
deploy
  <startEvent id="start"/> <userTask id="after"/>
  <subProcess id="sub"><extensionElements><zeebe:ioMapping><zeebe:input source="=0" target="booked"/></zeebe:ioMapping></extensionElements>
  <startEvent id="s"/> <userTask id="a"/> <boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
  <scriptTask id="undo_a" isForCompensation="true"><extensionElements><zeebe:script expression="=booked" resultVariable="freed"/></extensionElements></scriptTask> <association id="as" sourceRef="on_a" targetRef="undo_a"/>
  s -> a
  </subProcess>
  <intermediateThrowEvent id="undo"><compensateEventDefinition/></intermediateThrowEvent>
  start -> sub -> undo -> after
start
complete a {"booked": 9}
expect tasks after
expect variable freed 9

case of a called process
deploy
  <startEvent id="start"/> <userTask id="after"/> <callActivity id="call"><extensionElements><zeebe:calledElement processId="q" propagateAllChildVariables="false"/></extensionElements></callActivity>
  <intermediateThrowEvent id="undo"><compensateEventDefinition activityRef="call"/></intermediateThrowEvent>
  start -> call -> undo -> after
  root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="a"/><boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><scriptTask id="undo_a" isForCompensation="true"><extensionElements><zeebe:script expression="=booked" resultVariable="freed"/></extensionElements></scriptTask><association id="as" sourceRef="on_a" targetRef="undo_a"/><sequenceFlow id="q1" sourceRef="qs" targetRef="a"/></process>
start
complete a {"booked": 5}
expect tasks after
expect variable freed 5
)");
    CHECK(failures == "");
}

TEST_CASE("each instance of a repeated activity is undone, the last first") {
    CHECK(told(R"x(
  <userTask id="a"><multiInstanceLoopCharacteristics isSequential="true"><extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2]" inputElement="n"/></extensionElements></multiInstanceLoopCharacteristics></userTask>
  <boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
  <scriptTask id="undo_a" isForCompensation="true"><extensionElements><zeebe:script expression="=append(freed, n)" resultVariable="freed"/></extensionElements></scriptTask> <association id="as" sourceRef="on_a" targetRef="undo_a"/>
)x" + thrown("a") + "  start -> a -> undo -> after\n",
               R"(
start {"freed": []}
complete a
complete a
expect tasks after
expect variable freed [2,1]
)") == "");
}

TEST_CASE("who undoes may fail, wait and be repeated like any other activity") {
    CHECK(told(R"(
  <userTask id="a"/> <boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
  <serviceTask id="undo_a" isForCompensation="true"><extensionElements><kaigong:job type="free"/></extensionElements></serviceTask> <association id="as" sourceRef="on_a" targetRef="undo_a"/>
)" + thrown("") + "  start -> a -> undo -> after\n",
               R"(
start
complete a
fail undo_a the line is busy
expect incidents undo_a:bpmn.job_failed
resolve undo_a
complete undo_a
expect tasks after
)") == "");
    CHECK(told(undoable("a") + "  sub {\n  <startEvent id=\"s\"/>\n" + undoable("b") + thrown("") +
                   R"(  s -> b -> undo
  }
  <boundaryEvent id="wrong" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>
  start -> a -> sub -> after
  wrong -> after
)",
               R"(
start
complete a
complete b
expect tasks undo_b
throw undo_b E
expect tasks after
)") == "");
    CHECK(told(R"(
  <userTask id="a"/> <boundaryEvent id="on_a" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
  <userTask id="undo_a" isForCompensation="true"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></userTask> <association id="as" sourceRef="on_a" targetRef="undo_a"/>
)" + thrown("") + "  start -> a -> undo -> after\n",
               R"(
start
complete a
expect tasks undo_a undo_a
complete undo_a
complete undo_a
expect tasks after
)") == "");
}

TEST_CASE("a compensation end event undoes, and then its token ends") {
    CHECK(told(undoable("a") + R"(  <endEvent id="end"><compensateEventDefinition/></endEvent>
  start -> a -> end
  <parallelGateway id="fork"/>
  after -> fork
)",
               R"(
error no_incoming after
)") == "");
    CHECK(told(undoable("a") + R"(  <endEvent id="end"><compensateEventDefinition/></endEvent>
  start -> after -> a -> end
)",
               R"(
start
complete after
complete a
expect tasks undo_a
complete undo_a
expect completed
expect passed start after a undo_a end
)") == "");
}

TEST_CASE("what was done in a scope that was ended from outside can't be undone any more") {
    CHECK(told("  sub {\n  <startEvent id=\"s\"/> <userTask id=\"rest\"/>\n" + undoable("a") + R"(  s -> a -> rest
  }
  timer over on sub after PT1H
  start -> sub -> undo
  over -> undo
  undo -> after
)" + thrown(""),
               R"(
start
complete a
advance PT1H
expect tasks after
)") == "");
}

TEST_CASE("undoing that was interrupted can be asked for again, for what it had not yet come to") {
    CHECK(told(undoable("a") + undoable("b") + thrown("") + R"(  <exclusiveGateway id="again"/>
  start -> a -> b -> again -> undo -> after
)",
               R"(
start
complete a
complete b
expect tasks undo_b
move undo_b to after why
error bpmn.move_unknown
move undo to after why
expect tasks after
move after to again why
expect tasks undo_a
)") == "");
}

TEST_CASE("an event sub-process undoes the work of the scope around it") {
    CHECK(told("  sub {\n  <startEvent id=\"s\"/> <userTask id=\"rest\"/>\n" + undoable("a") + R"(  s -> a -> rest
  <subProcess id="rescue" triggeredByEvent="true"> <startEvent id="failed"><errorEventDefinition/></startEvent>
)" + thrown("") + R"(  <userTask id="tell"/>
  failed -> undo -> tell
  </subProcess>
  }
  start -> sub -> after
)",
               R"(
start
complete a
throw rest E
expect tasks undo_a
complete undo_a
complete tell
expect tasks after
)") == "");
}

TEST_CASE("a compensation event sub-process undoes its completed sub-process in its own way") {
    const std::string sub = "  sub {\n  <startEvent id=\"s\"/>\n" + undoable("a") + R"(  s -> a
  <subProcess id="own_way" triggeredByEvent="true"> <startEvent id="undoing"><compensateEventDefinition/></startEvent>
  <userTask id="prepare"/>
)" + thrown("") + R"(  undoing -> prepare -> undo
  </subProcess>
  }
  <intermediateThrowEvent id="all"><compensateEventDefinition/></intermediateThrowEvent>
)";
    CHECK(told(sub + "  start -> sub -> all -> after\n", R"(
start
complete a
expect tasks prepare
complete prepare
expect tasks undo_a
complete undo_a
expect tasks after
)") == "");
}

TEST_CASE("an event that does not wait goes on while what it undoes is under way") {
    const std::string throws =
        R"(  <intermediateThrowEvent id="undo"><compensateEventDefinition activityRef="a" waitForCompletion="false"/></intermediateThrowEvent>
)";
    CHECK(told(undoable("a") + throws + "  start -> a -> undo -> after\n", R"(
start
complete a
expect tasks undo_a after
complete after
expect tasks undo_a
complete undo_a
expect completed
)") == "");
    CHECK(told(undoable("a") + throws + "  start -> undo -> after\n  after -> a\n", R"(
start
expect tasks after
)") == "");
}

TEST_CASE("what is to be undone has to be an activity of the process") {
    CHECK(told(undoable("a") + thrown("nobody") + "  start -> a -> undo -> after\n",
               "error reference_unknown undo\n") == "");
    CHECK(told(undoable("a") + thrown("start") + "  start -> a -> undo -> after\n", "error reference_unknown undo\n") ==
          "");
}
