#include "modules/approval/task_model.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "modules/approval/approval.hpp"

using namespace kaigong;

namespace {

bpmn::Definition process_with(std::string_view task, std::string_view more = "") {
    const auto xml = fmt::format(
        R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1">
             <process id="p" isExecutable="true">
               <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
               <userTask id="review" name="审查"><extensionElements>{}{}</extensionElements></userTask>
               <sequenceFlow id="f2" sourceRef="review" targetRef="done"/><endEvent id="done"/>
             </process></definitions>)",
        task, more);
    auto parsed = bpmn::parse(xml);
    REQUIRE(parsed);
    return *parsed;
}

constexpr const char* kTask =
    R"(<kaigong:task kind="review" item="fire" department="fire" role="reviewer" legalBasis="消防法 11"/>)";

}  // namespace

TEST_CASE("a task says who does it, for which item, and with which outcomes") {
    const auto models = approval::read_task_models(
        process_with(kTask, R"(<kaigong:outcome code="agree" label="同意" tone="primary" event="conclude_agree"/>
           <kaigong:outcome code="disagree" label="不同意" tone="danger" event="conclude_disagree" reasonRequired="true"
                            when="points_recorded = 0"/>
           <kaigong:checkpoint code="C1" text="看过图纸"/>)"));
    REQUIRE(models);
    const auto& model = models->front();
    CHECK(model.item == "fire");
    CHECK(model.legal_basis == "消防法 11");
    CHECK(model.checklist.size() == 1);
    REQUIRE(model.find_outcome("disagree"));
    CHECK(model.find_outcome("disagree")->reason_required);
    CHECK(model.find_outcome("disagree")->when.has_value());
    CHECK_FALSE(model.find_outcome("maybe"));
}

TEST_CASE("an outcome whose event no state table has is refused before it is published") {
    const auto models = approval::read_task_models(
        process_with(kTask, R"(<kaigong:outcome code="agree" label="同意" event="wave_through"/>)"));
    REQUIRE_FALSE(models);
    CHECK(models.error().reason == "approval.task_malformed");
}

TEST_CASE("a task that nobody could do, or that has no way to end, is refused") {
    CHECK_FALSE(approval::read_task_models(process_with(R"(<kaigong:task kind="review" item="fire"/>)")));
    CHECK_FALSE(approval::read_task_models(process_with(kTask)));
    CHECK_FALSE(approval::read_task_models(process_with("")));
    CHECK(approval::read_task_models(process_with(R"(<kaigong:task kind="correct" group="applicant"/>)")));
}

TEST_CASE("a task says to whom it is given when it opens, in one way, and what nobody reads is refused") {
    const auto model_with = [](const std::string& attributes, const std::string& outcome = "",
                               const std::string& repetition = "") {
        const auto xml = fmt::format(
            R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1">
                 <process id="p" isExecutable="true">
                   <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
                   <userTask id="review" name="审查"><extensionElements>
                     <kaigong:task kind="review" department="fire" role="reviewer" {}/>
                     <kaigong:outcome code="agree" label="同意" {}/></extensionElements>{}</userTask>
                   <sequenceFlow id="f2" sourceRef="review" targetRef="done"/><endEvent id="done"/>
                 </process></definitions>)",
            attributes, outcome, repetition);
        return approval::read_task_models(bpmn::parse(xml).value());
    };
    CHECK(model_with(R"(assignee="fire2")").value().front().assignee == "fire2");
    CHECK(model_with(R"(assignee="=officer" fallbackRole="section_head")").value().front().assignee_expression);
    CHECK(model_with(R"(assign="least_loaded")").value().front().least_loaded);
    CHECK(model_with("", R"(chooses="decide")").value().front().outcomes.front().chooses == "decide");
    const std::string twice =
        R"(<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>)";
    for (const auto& refused :
         {model_with(R"(assign="round_robin")"), model_with(R"(assign="least_loaded" assignee="fire2")"),
          model_with(R"(assignee="=if then")"), model_with(R"(fallbackRole="king")"), model_with(R"(asignee="fire2")"),
          model_with("", R"(choses="decide")"), model_with("", R"(chooses="decide")", twice)}) {
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "approval.task_malformed");
    }
}

TEST_CASE("an outcome chooses the officer of a task that there is") {
    const auto problems_of = [](const std::string& chooses) {
        const auto xml = fmt::format(
            R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1">
                 <process id="p" isExecutable="true">
                   <startEvent id="start"/><sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
                   <userTask id="check" name="核对"><extensionElements>
                     <kaigong:task kind="check" department="fire" role="reviewer"/>
                     <kaigong:outcome code="agree" label="同意" chooses="{}"/></extensionElements></userTask>
                   <sequenceFlow id="f2" sourceRef="check" targetRef="review"/>
                   <userTask id="review" name="审查"><extensionElements>
                     <kaigong:task kind="review" department="fire" role="reviewer"/>
                     <kaigong:outcome code="agree" label="同意"/></extensionElements></userTask>
                   <sequenceFlow id="f3" sourceRef="review" targetRef="correct"/>
                   <userTask id="correct" name="补正"><extensionElements>
                     <kaigong:task kind="correct" group="applicant"/></extensionElements></userTask>
                   <sequenceFlow id="f4" sourceRef="correct" targetRef="done"/><endEvent id="done"/>
                 </process></definitions>)",
            chooses);
        std::vector<std::string> codes;
        for (const auto& problem : approval::make_process_rules({})->check(bpmn::parse(xml).value())) {
            codes.push_back(problem.code);
        }
        return codes;
    };
    CHECK(problems_of("review").empty());
    for (const char* unknown : {"check", "correct", "nowhere", "done"}) {
        CHECK(problems_of(unknown) == std::vector<std::string>{"approval.chosen_task_unknown"});
    }
}
