// Processes that call others of the same matter.
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Office;

std::string process(const std::string& id, const std::string& step, const std::string& content) {
    return R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1" )"
           R"(id="d" targetNamespace="https://kaigong.example/test"><process id=")" +
           id + R"(" isExecutable="true"><startEvent id="begun"/>)" + content +
           R"(<sequenceFlow id="f" sourceRef="begun" targetRef=")" + step + R"("/></process></definitions>)";
}

std::string calling() {
    return process("issue", "call", R"(<callActivity id="call" calledElement="inspection"/>)");
}

/// Two tasks, one after the other.
std::string inspection(const std::string& first) {
    std::string tasks;
    for (const std::string& id : {first, "second_" + first}) {
        tasks += fmt::format(
            R"(<userTask id="{0}" name="{0}"><extensionElements><kaigong:task kind="accept" department="housing" )"
            R"(role="acceptance_officer"/><kaigong:outcome code="done" label="办结"/></extensionElements></userTask>)",
            id);
    }
    return process(
        "inspection", first,
        tasks + R"(<sequenceFlow id="g" sourceRef=")" + first + R"(" targetRef="second_)" + first + R"("/>)");
}

}  // namespace

TEST_CASE("a case goes on with the called process that was there when it was filed, whatever came after") {
    db::testing::on_each_database({"authz", "audit", "events", "catalog", "approval"}, [](db::Database& database) {
        Office before(database, {{"issue.bpmn", calling()}, {"inspection.bpmn", inspection("look")}});
        const auto id = before.open_case();
        CHECK(before.open_task(id).element_id == "inspection/look");

        Office after(database, {{"issue.bpmn", calling()}, {"inspection.bpmn", inspection("measure")}});
        CHECK(after.open_task(after.open_case()).element_id == "inspection/measure");
        const auto task = after.open_task(id);
        after.act([&](db::Session& session) {
            return after.complete(session, id, task, Office::officer(Role::acceptance_officer, 1), "done");
        });
        CHECK(after.open_task(id).element_id == "inspection/second_look");
    });
}

TEST_CASE("the diagram of a case shows a called process as its call") {
    testing::on_sqlite(
        [](Office& office) {
            const auto id = office.open_case();
            const auto diagram = office.approval->process(Office::officer(Role::section_head).actor, id).value();
            CHECK(diagram.at("active") == boost::json::array{"call"});
            CHECK(diagram.at("completed") == boost::json::array{"begun"});
        },
        {{"issue.bpmn", calling()}, {"inspection.bpmn", inspection("look")}});
}

}  // namespace kaigong::approval
