#include "engine/dmn/dmn.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace {

using namespace kaigong;
using feel::Context;
using feel::Value;

std::string model_of(const std::string& content, const std::string& attributes = "") {
    return R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m" )" +
           attributes + ">" + content + "</definitions>";
}

std::string input(const std::string& name) {
    return "<inputData id=\"i_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"/></inputData>";
}

std::string decision(const std::string& name, const std::string& required, const std::string& logic) {
    std::string text = "<decision id=\"d_" + name + "\" name=\"" + name + "\"><variable name=\"" + name + "\"/>";
    if (!required.empty()) {
        const std::string kind = required.starts_with("i_") ? "requiredInput" : "requiredDecision";
        text += "<informationRequirement><" + kind + " href=\"#" + required + "\"/></informationRequirement>";
    }
    return text + logic + "</decision>";
}

std::string literal(const std::string& text) {
    return "<literalExpression><text>" + text + "</text></literalExpression>";
}

/// A table about `x` with the rules (test, output).
std::string table(const std::string& policy, const std::vector<std::pair<std::string, std::string>>& rules,
                  const std::string& output = "<output/>") {
    std::string text =
        "<decisionTable " + policy + "><input><inputExpression><text>x</text></inputExpression></input>" + output;
    for (const auto& [test, result] : rules) {
        text += fmt::format(
            "<rule><inputEntry><text>{}</text></inputEntry><outputEntry><text>{}</text></outputEntry></rule>", test,
            result);
    }
    return text + "</decisionTable>";
}

dmn::Model read(const std::string& content) {
    auto model = dmn::parse(model_of(content));
    if (!model) FAIL(model.error().message);
    return *model;
}

Value decided(const std::string& policy, const std::vector<std::pair<std::string, std::string>>& rules, int x,
              const std::string& output = "<output/>") {
    const auto model = read(input("x") + decision("d", "i_x", table(policy, rules, output)));
    Context inputs;
    inputs.put("x", Value(x));
    const auto outcome = dmn::evaluate(model, "d", inputs);
    REQUIRE(outcome);
    return outcome->value;
}

}  // namespace

TEST_CASE("each_hit_policy_makes_its_own_of_the_matching_rules") {
    const std::vector<std::pair<std::string, std::string>> rules{
        {"&gt; 0", "10"}, {"&gt; 5", "30"}, {"&gt; 5", "20"}, {"&lt; 0", "1"}};
    CHECK(decided("hitPolicy=\"UNIQUE\"", rules, 3).to_text() == "10");
    CHECK(decided("hitPolicy=\"UNIQUE\"", rules, 9).null_code() == "dmn.several_rules_match");
    CHECK(decided("hitPolicy=\"UNIQUE\"", rules, 0).null_code() == "dmn.no_rule_matches");
    CHECK(decided("hitPolicy=\"FIRST\"", rules, 9).to_text() == "10");
    CHECK(decided("hitPolicy=\"ANY\"", rules, 9).null_code() == "dmn.outputs_differ");
    CHECK(decided("hitPolicy=\"ANY\"", {{"-", "1"}, {"&gt; 2", "1"}}, 9).to_text() == "1");
    CHECK(decided("hitPolicy=\"RULE ORDER\"", rules, 9).to_text() == "[10, 30, 20]");
    const std::string ordered = "<output><outputValues><text>20, 30, 10</text></outputValues></output>";
    CHECK(decided("hitPolicy=\"PRIORITY\"", rules, 9, ordered).to_text() == "20");
    CHECK(decided("hitPolicy=\"OUTPUT ORDER\"", rules, 9, ordered).to_text() == "[20, 30, 10]");
    CHECK(decided("hitPolicy=\"COLLECT\"", rules, 9).to_text() == "[10, 30, 20]");
    CHECK(decided("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", rules, 9).to_text() == "60");
    CHECK(decided("hitPolicy=\"COLLECT\" aggregation=\"MIN\"", rules, 9).to_text() == "10");
    CHECK(decided("hitPolicy=\"COLLECT\" aggregation=\"MAX\"", rules, 9).to_text() == "30");
    CHECK(decided("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", rules, 9).to_text() == "3");
}

TEST_CASE("constant_outputs_are_held_to_their_type_and_stand_beside_the_computed_ones") {
    const auto row = [](const std::string& outputs) {
        const std::string logic =
            "<decisionTable hitPolicy=\"COLLECT\"><input><inputExpression><text>x</text>"
            "</inputExpression></input>" +
            outputs + "</decisionTable>";
        const auto model = read(input("x") + decision("d", "i_x", logic));
        Context inputs;
        inputs.put("x", Value(2));
        return dmn::evaluate(model, "d", inputs)->value.to_text();
    };
    const std::string rule =
        "<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>[\"one\"]</text></outputEntry>"
        "<outputEntry><text>x + 1</text></outputEntry></rule>";
    CHECK(row(R"(<output name="a" typeRef="string"/><output name="b" typeRef="number"/>)" + rule) ==
          R"([{a: "one", b: 3}])");
    CHECK(row(R"(<output name="a" typeRef="number"/><output name="b" typeRef="string"/>)" + rule) ==
          "[{a: null, b: null}]");
    CHECK(row(R"(<output name="a"/><output name="a"/>)" + rule) == "[{a: 3}]");
}

TEST_CASE("a_default_output_stands_in_when_no_rule_matches") {
    const std::string output = "<output><defaultOutputEntry><text>\"none\"</text></defaultOutputEntry></output>";
    CHECK(decided("hitPolicy=\"UNIQUE\"", {{"1", "\"one\""}}, 2, output).to_text() == "\"none\"");
}

TEST_CASE("decisions_see_what_they_require_and_each_is_evaluated_once") {
    const auto model =
        read(input("x") + decision("a", "i_x", literal("x * 2")) + decision("b", "d_a", literal("a + 1")));
    Context inputs;
    inputs.put("x", Value(20));
    const auto outcome = dmn::evaluate(model, "d_b", inputs, {}, {.explain = true});
    REQUIRE(outcome);
    CHECK(outcome->value.to_text() == "41");
    REQUIRE(outcome->explanation.decisions.size() == 2);
    CHECK(outcome->explanation.decisions[0].decision == "a");
}

TEST_CASE("the_explanation_says_which_rules_matched_with_which_inputs") {
    const auto model =
        read(input("x") + decision("d", "i_x", table("hitPolicy=\"UNIQUE\"", {{"&lt; 5", "1"}, {"&gt;= 5", "2"}})));
    Context inputs;
    inputs.put("x", Value(7));
    const auto outcome = dmn::evaluate(model, "d", inputs, {}, {.explain = true});
    REQUIRE(outcome);
    REQUIRE(outcome->explanation.tables.size() == 1);
    const auto& explained = outcome->explanation.tables[0];
    CHECK(explained.element == "d");
    CHECK(explained.inputs.at(0).text == "x");
    CHECK(explained.inputs.at(0).value.to_text() == "7");
    CHECK(explained.matches.at(0).rule == 2);
}

TEST_CASE("the_explanation_says_what_each_output_cell_read") {
    const auto model = read(input("x") + decision("d", "i_x",
                                                  table("hitPolicy=\"FIRST\"",
                                                        {{"-",
                                                          "if x.works.area &gt; 300 or "
                                                          "x.works.none = null then x.name else x.other"}},
                                                        "<output name=\"answer\"/>")));
    Context works;
    works.put("area", Value(200));
    Context x;
    x.put("works", Value(works));
    x.put("name", Value("school"));
    Context inputs;
    inputs.put("x", Value(x));
    const auto outcome = dmn::evaluate(model, "d", inputs, {}, {.explain = true});
    REQUIRE(outcome);
    const auto& table = outcome->explanation.tables.at(0);
    REQUIRE(table.inputs.at(0).reads.size() == 1);
    CHECK(table.inputs[0].reads[0].path == "x");
    const auto& output = table.matches.at(0).outputs.at(0);
    CHECK(output.name == "answer");
    CHECK(output.text.starts_with("if x.works.area"));
    CHECK(output.value.to_text() == "\"school\"");
    REQUIRE(output.reads.size() == 3);
    CHECK(output.reads[0].path == "x.works.area");
    CHECK(output.reads[0].value.to_text() == "200");
    CHECK(output.reads[1].path == "x.works.none");
    CHECK(output.reads[1].value.null_code() == "feel.unknown_member");
    CHECK(output.reads[2].path == "x.name");
    CHECK(dmn::evaluate(model, "d", inputs)->explanation.tables.empty());
}

TEST_CASE("a_row_that_decides_is_what_the_explanation_shows_of_a_loop") {
    const auto model = read(input("x") + decision("d", "i_x",
                                                  table("hitPolicy=\"FIRST\"",
                                                        {{"-",
                                                          "(some r in x satisfies r.h &gt; 2) and count(x[h &gt; 1]) "
                                                          "= 2 and f(x[1].h)"}})));
    const auto row = [](int height) {
        Context made;
        made.put("h", Value(height));
        return Value(made);
    };
    Context inputs;
    inputs.put("x", Value(feel::List{row(1), row(3), row(2)}));
    const auto outcome = dmn::evaluate(model, "d", inputs, {}, {.explain = true});
    const auto& reads = outcome->explanation.tables.at(0).matches.at(0).outputs.at(0).reads;
    REQUIRE(reads.size() == 2);
    CHECK(reads[0].path == "x");
    CHECK(reads[1].path == "r.h");
    CHECK(reads[1].value.to_text() == "3");
}

TEST_CASE("what_one_cell_read_is_bounded") {
    std::string sum = "0";
    for (int at = 0; at < 200; ++at) sum += fmt::format(" + x.m{}", at);
    const auto model = read(input("x") + decision("d", "i_x", table("hitPolicy=\"FIRST\"", {{"-", sum}})));
    const auto outcome = dmn::evaluate(model, "d", {}, {}, {.explain = true});
    CHECK(outcome->explanation.tables.at(0).matches.at(0).outputs.at(0).reads.size() == 50);
}

TEST_CASE("an_external_function_is_never_run_and_is_named") {
    const auto model =
        read(decision("d", "",
                      literal("{f: function(a) external {java: {class: \"java.lang.Math\", method signature: "
                              "\"abs(int)\"}}, r: f(1)}.r")));
    const auto outcome = dmn::evaluate(model, "d", {});
    CHECK(outcome->value.null_code() == "feel.external_function");
    REQUIRE(outcome->refused_functions.size() == 1);
    CHECK(outcome->refused_functions[0] == "java.lang.Math.abs(int)");
}

TEST_CASE("a_ring_of_decisions_is_null_and_names_itself") {
    const auto model = read(decision("a", "d_b", literal("b")) + decision("b", "d_a", literal("a")));
    const auto outcome = dmn::evaluate(model, "a", {});
    REQUIRE(outcome);
    CHECK(outcome->value.null_code() == "dmn.cycle");
}

TEST_CASE("an_expression_that_cannot_be_read_is_a_problem_of_the_model_and_null_where_it_stands") {
    const auto model = read(decision("a", "", literal("1 +")));
    REQUIRE(model.problems().size() == 1);
    CHECK(model.problems()[0].element == "a");
    CHECK(model.problems()[0].error.reason == "feel.syntax");
    CHECK(dmn::evaluate(model, "a", {})->value.null_code() == "feel.syntax");
}

TEST_CASE("values_that_the_model_does_not_allow_are_null_with_a_reason") {
    const auto model = read(
        R"(<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"new","change"</text></allowedValues></itemDefinition>)"
        R"(<inputData id="i_x" name="x"><variable name="x" typeRef="tKind"/></inputData>)" +
        decision("d", "i_x", literal("x")));
    Context inputs;
    inputs.put("x", Value("other"));
    CHECK(dmn::evaluate(model, "d", inputs)->value.null_code() == "dmn.value_not_allowed");
    inputs.put("x", Value("new"));
    CHECK(dmn::evaluate(model, "d", inputs)->value.to_text() == "\"new\"");
}

TEST_CASE("knowledge_models_may_call_themselves_and_are_bounded") {
    const std::string knowledge =
        R"(<businessKnowledgeModel id="k" name="fac"><variable name="fac"/><encapsulatedLogic><formalParameter name="n"/>)" +
        literal("if n &lt; 2 then 1 else n * fac(n - 1)") + "</encapsulatedLogic></businessKnowledgeModel>";
    const std::string requirement = R"(<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>)";
    const auto model = read(knowledge + decision("d", "", requirement + literal("fac(10)")) +
                            decision("e", "", requirement + literal("fac(100000)")));
    CHECK(dmn::evaluate(model, "d", {})->value.to_text() == "3628800");
    CHECK(dmn::evaluate(model, "e", {})->value.null_code().starts_with("feel.limit_"));
}

TEST_CASE("models_that_cannot_be_trusted_are_refused") {
    CHECK(dmn::parse("<a>").error().reason == "dmn.xml_invalid");
    CHECK(dmn::parse("<!DOCTYPE a [<!ENTITY b \"c\">]><definitions/>").error().reason == "dmn.xml_forbidden");
    CHECK(dmn::parse("<definitions xmlns=\"urn:other\"/>").error().reason == "dmn.unknown_version");
    std::string deep;
    for (int at = 0; at < 1'000; ++at) deep += "<a>";
    for (int at = 0; at < 1'000; ++at) deep += "</a>";
    CHECK(dmn::parse(model_of(deep)).error().reason == "dmn.xml_too_large");
    CHECK(dmn::parse(model_of(decision("a", "i_missing", literal("1")))).error().reason == "dmn.missing_element");
    CHECK(dmn::parse(
              model_of(
                  R"(<import name="o" namespace="urn:o" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>)"))
              .error()
              .reason == "dmn.missing_import");
    CHECK(dmn::evaluate(read(""), "nothing", {}).error().reason == "dmn.unknown_decision");
}

TEST_CASE("a_problem_says_line_and_column_within_the_expression") {
    const auto model = read(decision("a", "", literal("1 +\n  * 2")));
    REQUIRE(model.problems().size() == 1);
    CHECK(model.problems()[0].place.line == 2);
    CHECK(model.problems()[0].place.column == 3);
    CHECK(model.problems()[0].place.found == "*");
}

TEST_CASE("models_made_to_exhaust_end_with_a_reason") {
    // Each decision requires the one before: a chain longer than any stack.
    std::string chain = decision("d0", "", literal("1"));
    for (int at = 1; at < 3'000; ++at) {
        chain += decision(fmt::format("d{}", at), fmt::format("d_d{}", at - 1), literal(fmt::format("d{}", at - 1)));
    }
    CHECK(dmn::evaluate(read(chain), "d2999", {})->value.null_code() == "dmn.limit_depth");
    CHECK(dmn::evaluate(read(chain), "d150", {})->value.to_text() == "1");

    std::string types;
    for (int at = 0; at < 3'000; ++at) {
        types += fmt::format(
            R"(<itemDefinition name="t{}" isCollection="true"><typeRef>t{}</typeRef></itemDefinition>)", at, at + 1);
    }
    const auto typed = read(types);
    REQUIRE(!typed.problems().empty());
    CHECK(typed.problems()[0].error.reason == "dmn.limit_depth");

    std::string deep;
    for (int at = 0; at < 200'000; ++at) deep += "<a>";
    for (int at = 0; at < 200'000; ++at) deep += "</a>";
    CHECK(dmn::parse(model_of(deep)).error().reason == "dmn.xml_too_large");
    CHECK(dmn::parse("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" +
                     model_of(decision("d", "", literal("&b;"))))
              .error()
              .reason == "dmn.xml_forbidden");
    CHECK(dmn::parse("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" + model_of("")).error().reason ==
          "dmn.xml_forbidden");
    CHECK(dmn::parse(std::string(9UL * 1024 * 1024, ' ')).error().reason == "dmn.xml_too_large");
}

TEST_CASE("a_knowledge_model_is_called_with_its_own_arguments_each_time") {
    const std::string knowledge =
        R"(<businessKnowledgeModel id="k" name="twice"><variable name="twice"/><encapsulatedLogic><formalParameter name="n" typeRef="number"/>)" +
        literal("n * 2") + "</encapsulatedLogic></businessKnowledgeModel>";
    const std::string requirement = R"(<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>)";
    const auto model = read(knowledge + decision("d", "", requirement + literal("for i in 1..3 return twice(i)")) +
                            decision("e", "", requirement + literal("twice(\"a\")")));
    CHECK(dmn::evaluate(model, "d", {})->value.to_text() == "[2, 4, 6]");
    CHECK(dmn::evaluate(model, "e", {})->value.null_code() == "feel.type_mismatch");
}
