// What the office records in a process (outcomes, who decided, the application's state) is written by the office's own
// acts; no way of a process file to set variables forges it.
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Office;
using testing::reason_of;

constexpr const char* kHead = R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xmlns:kaigong="https://kaigong.example/bpmn/1" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
             id="d" targetNamespace="https://kaigong.example/test">)";

std::string user_task(const std::string& id, const std::string& more = "", const std::string& outcome = "accept") {
    return R"(<userTask id=")" + id + R"(" name=")" + id +
           R"("><extensionElements><kaigong:task kind="accept" department="housing" role="acceptance_officer"/>)"
           R"(<kaigong:outcome code=")" +
           outcome + R"(" label="办结"/>)" + more + "</extensionElements>";
}

/// accept → what the test brings, with the id `way` → after.
std::string process_with(const std::string& way) {
    return std::string(kHead) + R"(<process id="issue" isExecutable="true"><startEvent id="start"/>)" +
           user_task("accept") + "</userTask>" + way + user_task("after") +
           R"(</userTask><sequenceFlow id="f1" sourceRef="start" targetRef="accept"/>)"
           R"(<sequenceFlow id="f2" sourceRef="accept" targetRef="way"/>)"
           R"(<sequenceFlow id="f3" sourceRef="way" targetRef="after"/></process></definitions>)";
}

/// start → what the test brings, with the id `inside`.
std::string called_process(const std::string& inside) {
    return std::string(kHead) + R"(<process id="inspection" isExecutable="true"><startEvent id="begun"/>)" + inside +
           R"(<sequenceFlow id="g1" sourceRef="begun" targetRef="inside"/></process></definitions>)";
}

constexpr const char* kCall =
    R"(<callActivity id="way"><extensionElements><zeebe:calledElement processId="inspection"/></extensionElements></callActivity>)";

Result<void> complete(Office& office, const std::string& id, const std::string& outcome = "accept") {
    const auto task = office.open_task(id);
    return office.database.transact([&](db::Session& session) {
        return office.complete(session, id, task, Office::officer(Role::acceptance_officer, 1), outcome);
    });
}

}  // namespace

TEST_CASE("no mapping, repetition or result of a process file writes what the office records") {
    const std::map<std::string, std::string> ways{
        {"the result of a script",
         R"(<scriptTask id="way"><extensionElements><zeebe:script expression="=&quot;x&quot;" resultVariable="accept_outcome"/></extensionElements></scriptTask>)"},
        {"an output mapping",
         R"(<manualTask id="way"><extensionElements><zeebe:ioMapping><zeebe:output source="=&quot;x&quot;" target="accept_by"/></zeebe:ioMapping></extensionElements></manualTask>)"},
        {"an output mapping of a decision that nobody took",
         R"(<manualTask id="way"><extensionElements><zeebe:ioMapping><zeebe:output source="=&quot;x&quot;" target="decide_outcome"/></zeebe:ioMapping></extensionElements></manualTask>)"},
        {"an input mapping that hides it",
         R"(<subProcess id="way"><extensionElements><zeebe:ioMapping><zeebe:input source="=&quot;granted&quot;" target="state"/></zeebe:ioMapping></extensionElements><startEvent id="s"/></subProcess>)"},
        {"an output mapping that empties it",
         R"(<manualTask id="way"><extensionElements><zeebe:ioMapping><zeebe:output source="=null" target="accept_outcome"/></zeebe:ioMapping></extensionElements></manualTask>)"},
        {"the items of a repetition",
         R"(<manualTask id="way"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[&quot;x&quot;]" inputElement="accept_outcome"/></extensionElements></multiInstanceLoopCharacteristics></manualTask>)"},
        {"the results of a repetition",
         R"(<manualTask id="way"><multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics inputCollection="=[1]" inputElement="one" outputCollection="required_items" outputElement="=one"/></extensionElements></multiInstanceLoopCharacteristics></manualTask>)"},
    };
    for (const auto& [what, way] : ways) {
        CAPTURE(what);
        testing::on_sqlite(
            [](Office& office) {
                const auto id = office.open_case();
                const auto before = office.procedure(id);
                CHECK(reason_of(complete(office, id)) == "approval.variable_protected");
                CHECK(office.procedure(id).instance == before.instance);
                CHECK(office.open_task(id).element_id == "accept");
            },
            {{"issue.bpmn", process_with(way)}});
    }
}

TEST_CASE("a called process sets its own variables and never what the office records") {
    const std::map<std::string, std::string> insides{
        {"while it runs",
         R"(<scriptTask id="inside"><extensionElements><zeebe:script expression="=&quot;x&quot;" resultVariable="accept_outcome"/></extensionElements></scriptTask>)"},
        {"of a task of its own",
         R"(<scriptTask id="inside"><extensionElements><zeebe:script expression="=&quot;x&quot;" resultVariable="check_outcome"/></extensionElements></scriptTask>)"},
    };
    for (const auto& [what, inside] : insides) {
        CAPTURE(what);
        testing::on_sqlite(
            [](Office& office) {
                CHECK(reason_of(complete(office, office.open_case())) == "approval.variable_protected");
            },
            {{"issue.bpmn", process_with(kCall)}, {"inspection.bpmn", called_process(inside)}});
    }
}

TEST_CASE("an outcome of a task in a called process is known by its own name, there and outside") {
    const auto called = called_process(user_task("inside", "", "passed") + "</userTask>");
    testing::on_each(
        [](Office& office) {
            const auto id = office.open_case();
            CHECK(reason_of(complete(office, id)) == "");
            CHECK(office.open_task(id).element_id == "inspection/inside");
            CHECK(reason_of(complete(office, id, "passed")) == "");
            CHECK(office.open_task(id).element_id == "after");
            const auto variables = office.state(id).variables;
            CHECK(variables.at("inside_outcome") == "passed");
            CHECK(variables.at("accept_outcome") == "accept");
        },
        {{"issue.bpmn", process_with(kCall)}, {"inspection.bpmn", called}});
}

TEST_CASE("a task of a called process does not decide in the place of one of that name outside") {
    const auto called =
        called_process(R"(<task id="inside"/><sequenceFlow id="g2" sourceRef="inside" targetRef="accept"/>)" +
                       user_task("accept", "", "passed") + "</userTask>");
    testing::on_sqlite(
        [](Office& office) {
            const auto id = office.open_case();
            CHECK(reason_of(complete(office, id)) == "");
            CHECK(office.open_task(id).element_id == "inspection/accept");
            CHECK(reason_of(complete(office, id, "passed")) == "approval.variable_protected");
            CHECK(office.state(id).variables.at("accept_outcome") == "accept");
        },
        {{"issue.bpmn", process_with(kCall)}, {"inspection.bpmn", called}});
}

TEST_CASE("what a call brings back of the application's state is not older than the state") {
    // Beside the call the application is accepted; the call began with the state as it was before.
    const std::string beside =
        R"(<parallelGateway id="way"/>)" + user_task("beside") +
        R"(</userTask><serviceTask id="record"><extensionElements><kaigong:job type="approval.record"/><kaigong:event name="accept"/></extensionElements></serviceTask>)"
        R"(<serviceTask id="first"><extensionElements><kaigong:job type="approval.record"/></extensionElements></serviceTask>)"
        R"(<callActivity id="call"><extensionElements><zeebe:calledElement processId="inspection"/></extensionElements></callActivity>)"
        R"(<endEvent id="end"/><sequenceFlow id="b1" sourceRef="way" targetRef="beside"/><sequenceFlow id="b2" sourceRef="beside" targetRef="record"/>)"
        R"(<sequenceFlow id="b3" sourceRef="way" targetRef="first"/><sequenceFlow id="b5" sourceRef="first" targetRef="call"/><sequenceFlow id="b4" sourceRef="call" targetRef="end"/>)";
    const auto called = called_process(user_task("inside", "", "passed") + "</userTask>");
    testing::on_sqlite(
        [](Office& office) {
            const auto id = office.open_case();
            REQUIRE(reason_of(complete(office, id)) == "");
            const auto complete_one = [&](const std::string& element, const std::string& outcome) {
                for (const auto& task : office.read(&store::tasks_of, id)) {
                    if (task.state != "open" || task.element_id != element) continue;
                    office.act([&](db::Session& session) {
                        return office.complete(session, id, task, Office::officer(Role::acceptance_officer, 1),
                                               outcome);
                    });
                }
            };
            CHECK(office.state(id).variables.at("state") == "submitted");
            complete_one("beside", "accept");
            CHECK(office.state(id).variables.at("state") == "accepted");
            complete_one("inspection/inside", "passed");
            CHECK(office.state(id).variables.at("inside_outcome") == "passed");
            CHECK(office.state(id).variables.at("state") == "accepted");
        },
        {{"issue.bpmn", process_with(beside)}, {"inspection.bpmn", called}});
}

TEST_CASE("each of several who do one task has an outcome of his own, and the process reads all of them") {
    const auto sign =
        user_task("way") +
        R"(<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics )"
        R"(inputCollection="=[&quot;a&quot;, &quot;b&quot;]" inputElement="who" outputCollection="said" )"
        R"(outputElement="=way_outcome"/></extensionElements></multiInstanceLoopCharacteristics></userTask>)";
    testing::on_each(
        [](Office& office) {
            const auto id = office.open_case();
            REQUIRE(reason_of(complete(office, id)) == "");
            CHECK(reason_of(complete(office, id)) == "");
            CHECK(reason_of(complete(office, id)) == "");
            CHECK(office.open_task(id).element_id == "after");
            CHECK(office.state(id).variables.at("said") == boost::json::array{"accept", "accept"});
        },
        {{"issue.bpmn", process_with(sign)}});
}

}  // namespace kaigong::approval
