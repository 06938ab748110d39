#include "engine/bpmn/definition.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;

namespace {

constexpr std::string_view kHead = R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">)";
constexpr std::string_view kBody = R"(<process id="p" isExecutable="true"><startEvent id="s"/></process>)";

std::string definitions(std::string_view content) {
    return fmt::format("{}{}</definitions>", kHead, content);
}

const Problem* find(const Judgement& judgement, std::string_view code) {
    for (const Problem& problem : judgement.problems) {
        if (problem.code == code) return &problem;
    }
    return nullptr;
}

bool has(const Judgement& judgement, std::string_view code, std::string_view element) {
    const Problem* problem = find(judgement, code);
    return problem != nullptr && problem->element == element;
}

std::string nested(int depth) {
    std::string xml(kHead);
    for (int i = 0; i < depth; ++i) xml += "<extensionElements>";
    for (int i = 0; i < depth; ++i) xml += "</extensionElements>";
    return xml + "</definitions>";
}

}  // namespace

TEST_CASE("what is no model is one problem with its line") {
    CHECK(has(check(""), "not_xml", "xml"));
    CHECK(has(check("<a>\n<b>\n</a>"), "not_xml", "xml"));
    CHECK(find(check("<a>\n<b>\n</a>"), "not_xml")->line == 3);
    CHECK(has(check("<html/>"), "not_bpmn", "html"));
    CHECK(has(check("<definitions/>"), "not_bpmn", "definitions"));
    CHECK(has(check("<x:definitions/>"), "prefix_unknown", "x:definitions"));
    CHECK(has(check("\xff\xfe<a/>"), "not_utf8", "xml"));
    CHECK(has(check(definitions("")), "no_executable_process", "definitions"));
}

TEST_CASE("DTDs and entities are refused") {
    const std::string bomb =
        fmt::format(R"(<!DOCTYPE d [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>{})", definitions(kBody));
    CHECK(has(check(bomb), "doctype", "xml"));
    CHECK(has(check(R"(<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>)"), "doctype", "xml"));
}

TEST_CASE("size, depth and counts have limits") {
    CHECK(has(check(std::string(kXmlBytesMax + 1, ' ')), "too_large", "xml"));
    CHECK(find(check(nested(kXmlDepthMax - 1)), "too_deep") == nullptr);
    CHECK(has(check(nested(kXmlDepthMax)), "too_deep", "extensionElements"));
    std::string many(kHead);
    for (int i = 0; i < kXmlNodesMax; ++i) many += "<a/>";
    CHECK(find(check(many + "</definitions>"), "too_many_nodes") != nullptr);
    std::string lines = "<startEvent id=\"s\"/>\n";
    for (int i = 0; i < kElementsMax; ++i) lines += fmt::format("<task id=\"t{}\"/>\n", i);
    const Judgement judgement = check(model_xml(lines));
    CHECK(judgement.problems.size() == 1);
    CHECK(find(judgement, "too_many_elements") != nullptr);
}

TEST_CASE("namespaces are judged by their address, never by their prefix") {
    const Definition definition =
        parse(R"(<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:x="urn:x">
<b:process id="p" isExecutable="1" name="流程"><b:startEvent id="s"/>
<x:startEvent id="ignored"/><b:sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<b:userTask id="t" x:colour="red" xmlns:k="https://kaigong.example/bpmn/1"><b:documentation>说明</b:documentation>
<b:extensionElements><k:task kind="review" x:y="z"><x:inner>  text </x:inner></k:task></b:extensionElements></b:userTask></b:process></b:definitions>)")
            .value();
    CHECK(definition.process_id() == "p");
    CHECK(definition.name() == "流程");
    CHECK(definition.elements().size() == 3);
    const Element& task = *definition.find("t");
    CHECK(task.line == 4);
    CHECK(task.documentation == "说明");
    CHECK(task.attributes.size() == 1);
    CHECK(task.attributes[0].name_space == "urn:x");
    const Extension& extension = *task.kaigong("task");
    CHECK(extension.attribute("kind") == "review");
    CHECK(extension.children.at(0).name_space == "urn:x");
    CHECK(extension.children.at(0).text == "text");
    CHECK(task.kaigong("job") == nullptr);
}

TEST_CASE("an element that can't run is refused once, and what hangs on it is not blamed") {
    const Judgement judgement = check(model_xml(R"(
<startEvent id="start"/> <callChoreography id="odd"/> <userTask id="a"/>
start -> odd -> a
)"));
    CHECK_FALSE(judgement.deployable());
    REQUIRE(judgement.problems.size() == 1);
    CHECK(has(judgement, "unsupported_element", "odd"));
    CHECK(judgement.problems[0].line == 2);
}

TEST_CASE("all problems come at once, and a refused deployment names each") {
    const auto definition = parse(model_xml(R"(
<startEvent id="start"/> <userTask id="a"/> <userTask id="a"/> <task/> <serviceTask id="job"/>
start -> a
)"));
    REQUIRE_FALSE(definition);
    CHECK(definition.error().reason == "bpmn.not_deployable");
    CHECK(definition.error().fields.size() == 2);
    CHECK(definition.error().fields[0].reason == "bpmn.id_twice");
    CHECK(definition.error().fields[0].field == "2:a");
    CHECK(definition.error().fields[1].reason == "bpmn.id_missing");
}

TEST_CASE("flows have both ends") {
    CHECK(has(check(model_xml("<startEvent id=\"s\"/> <userTask id=\"a\"/>\ns -> a -> nowhere")), "flow_end_unknown",
              "a_nowhere"));
    CHECK(has(check(model_xml("<startEvent id=\"s\"/> <userTask id=\"a\"/> <userTask id=\"island\"/>\ns -> a")),
              "no_incoming", "island"));
    const Judgement circle =
        check(model_xml("<startEvent id=\"s\"/> <userTask id=\"a\"/> <userTask id=\"b\"/>\na -> b -> a"));
    CHECK(circle.deployable());
    CHECK(has(circle, "unreachable", "a"));
}

TEST_CASE("what is kept and not executed is told") {
    const Judgement judgement = check(definitions(R"(
<collaboration id="c"/><process id="other" isExecutable="false"/>
<process id="p" isExecutable="true"><startEvent id="s"/><dataObject id="d"/><textAnnotation id="n"/>
<userTask id="u"><ioSpecification/></userTask><sequenceFlow id="f" sourceRef="s" targetRef="u"/></process>)"));
    CHECK(judgement.deployable());
    CHECK(judgement.process_id == "p");
    std::vector<std::string> told;
    told.reserve(judgement.problems.size());
    for (const Problem& problem : judgement.problems) told.push_back(problem.element);
    CHECK(told == std::vector<std::string>{"c", "other", "d", "n", "u"});
}

TEST_CASE("of several executable processes the caller names the one that runs, and all are judged") {
    const std::string two = definitions(R"(<process id="p" isExecutable="true"><startEvent id="s"/></process>
<process id="q" isExecutable="true"><startEvent id="t"/></process>)");
    CHECK(check(two).deployable());
    CHECK(check(two).process_id == "p");
    CHECK(parse(two).error().reason == "bpmn.not_deployable");
    CHECK(has(check(definitions(R"(<process id="p" isExecutable="true"><startEvent id="s"/></process>
<process id="q" isExecutable="true"><startEvent id="t"/><callChoreography id="odd"/></process>)")),
              "unsupported_element", "odd"));
    CHECK(check(two, "q").process_id == "q");
    CHECK(parse(two, "p").value().find("s") != nullptr);
    CHECK(has(check(two, "r"), "no_executable_process", "r"));
}

TEST_CASE("a sequence flow needs no id, also two between the same elements") {
    const auto definition = parse(definitions(R"(<process id="p" isExecutable="true"><startEvent id="s"/>
<userTask id="u"/><sequenceFlow sourceRef="s" targetRef="u"/><sequenceFlow sourceRef="s" targetRef="u"/></process>)"));
    REQUIRE(definition);
    TwinInstance instance(*definition);
    REQUIRE(instance.carry_out(Start{}, 1));
    CHECK(waiting_for(instance.state()).tasks.size() == 2);
}

TEST_CASE("an extension that must be understood and is not is refused") {
    const Judgement judgement = check(definitions(fmt::format(R"(<extension mustUnderstand="true"/>{})", kBody)));
    CHECK(has(judgement, "must_understand", "extension"));
}

TEST_CASE("an association that says who undoes an activity is executed, and not told as kept only") {
    const Judgement judgement = check(model_xml(R"(
<startEvent id="s"/> <userTask id="a"/> <userTask id="undoing" isForCompensation="true"/> <textAnnotation id="note"/>
<boundaryEvent id="undo" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
<association id="bound" sourceRef="undo" targetRef="undoing"/> <association id="drawn" sourceRef="a" targetRef="note"/>
s -> a)"));
    CHECK(judgement.deployable());
    std::vector<std::string> told;
    told.reserve(judgement.problems.size());
    for (const Problem& problem : judgement.problems) told.push_back(problem.element);
    CHECK(told == std::vector<std::string>{"note", "drawn"});
}
