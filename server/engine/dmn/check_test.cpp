// The checks on small models, each with one fault. What they must not say is as important as what they say.
#include "engine/dmn/check.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/dmn/check_models.hpp"

namespace kaigong::dmn {
namespace {

using testing::Codes;
using testing::codes;
using testing::model_of;
using testing::only;
using testing::Table;

TEST_CASE("a sound model has no problems") {
    const Table table{.inputs = {{"area", "number"}}, .rules = {{"< 300", "\"no\""}, {">= 300", "\"yes\""}}};
    CHECK(codes(table).empty());
}

TEST_CASE("an expression that cannot be read is named with its cell, row, line and column") {
    const auto problem =
        only(Table{.inputs = {{"area", "number"}}, .rules = {{"< 1", "1"}, {"< ", "2"}, {">= 1", "3"}}});
    CHECK(problem.code == "dmn.unreadable_expression");
    CHECK(problem.element == "row_2_in_1");
    CHECK(problem.rule == 2);
    CHECK(problem.line == 1);
    CHECK(problem.column == 2);
    CHECK(problem.decision == "d");
    CHECK(problem.decision_name == "limit");
}

TEST_CASE("an unknown name is named with the nearest known one") {
    const auto problem =
        only(model_of("<literalExpression id=\"e\"><text>areo + 1</text></literalExpression>", {"area"}),
             "dmn.unknown_name");
    CHECK(problem.element == "e");
    CHECK(problem.zh.contains("area"));
    CHECK(problem.en.contains("area"));
}

TEST_CASE("an unknown function is named with the nearest known one") {
    const auto problem = only(model_of("<literalExpression><text>cuont(area)</text></literalExpression>", {"area"}),
                              "dmn.unknown_function");
    CHECK(problem.zh.contains("count"));
}

TEST_CASE("names inside expressions are known where they are made") {
    for (const std::string text : {
             "for a in area return a + partial[-1]",
             "some a in area satisfies a &gt; 1",
             "{ x: 1, y: x + 1 }.y + count(area)",
             "(function(a, b) a + b)(1, count(area))",
             "area[kind = \"x\" and item.height &gt; 2]",
             "sort(area, function(x, y) x &lt; y)",
             "if area = null then null else string length(string(area))",
             "area in (1, [2..3], &lt; 9)",
         }) {
        CAPTURE(text);
        CHECK(codes(model_of(fmt::format("<literalExpression><text>{}</text></literalExpression>", text), {"area"}, {},
                             "Any"))
                  .empty());
    }
}

TEST_CASE("an input that is used but not required asks for its connection") {
    const auto model =
        model_of("<literalExpression><text>area + height</text></literalExpression>", {"area"}, {"height"});
    CHECK(codes(model) == Codes{"dmn.missing_requirement"});
}

TEST_CASE("an input that is required but not used is a warning") {
    const auto model = model_of("<literalExpression><text>1</text></literalExpression>", {"area"});
    const auto problem = only(model, "dmn.unused_requirement");
    CHECK(problem.severity == CheckProblem::Severity::warning);
}

TEST_CASE("values of different types are never compared in silence") {
    for (const std::string text : {"area &gt; \"5\"", "area + \"m\"", "date(\"2026-01-01\") &lt; area", "\"a\" = area",
                                   "area between \"1\" and \"2\"", "if area then 1 else 2", "area and true",
                                   "string length(area)", "area.year", "date(\"2026-01-01\").hours"}) {
        CAPTURE(text);
        const auto found =
            codes(model_of(fmt::format("<literalExpression><text>{}</text></literalExpression>", text), {"area"}));
        CHECK(found.size() >= 1);
    }
}

TEST_CASE("what may be right is left in peace") {
    for (const std::string text :
         {"area = null", "date and time(\"2026-01-01T00:00:00\") + duration(\"P1D\") * area",
          "date(\"2026-01-01\") + duration(\"P1M\") * area", "area in [1..5]", "[1, 2, 3][item &gt; area]",
          "max(area, 2)", "min([area, 2])", "floor(area / 2)", "substring(string(area), 1)", "today().year - area",
          "concatenate([area], [1])", "round half up(area, 2)"}) {
        CAPTURE(text);
        CHECK(codes(model_of(fmt::format("<literalExpression><text>{}</text></literalExpression>", text), {"area"}))
                  .empty());
    }
}

TEST_CASE("a cell of another type than its column is an error of the cell, once") {
    const auto problem = only(Table{.inputs = {{"area", "number"}}, .rules = {{"\"300\"", "1"}, {"-", "2"}}});
    CHECK(problem.code == "dmn.type_mismatch");
    CHECK(problem.element == "row_1_in_1");
    CHECK(problem.severity == CheckProblem::Severity::error);
}

TEST_CASE("an output of another type, or outside the allowed values, is an error of the cell") {
    Table table{.inputs = {{"area", "number"}}, .output_type = "number", .rules = {{"< 1", "\"a\""}, {">= 1", "2"}}};
    CHECK(codes(table) == Codes{"dmn.wrong_type"});
    table.output_type = "string";
    table.output_values = "\"a\",\"b\"";
    table.rules = {{"< 1", "\"a\""}, {">= 1", "\"c\""}};
    CHECK(codes(table) == Codes{"dmn.output_not_allowed"});
}

TEST_CASE("requirements in a circle are named") {
    const auto model = testing::model_with(R"(
        <decision id="a" name="a"><variable name="a"/>
          <informationRequirement><requiredDecision href="#b"/></informationRequirement>
          <literalExpression><text>b</text></literalExpression></decision>
        <decision id="b" name="b"><variable name="b"/>
          <informationRequirement><requiredDecision href="#a"/></informationRequirement>
          <literalExpression><text>a</text></literalExpression></decision>)");
    const auto problem = only(model, "dmn.requirement_cycle");
    CHECK(problem.zh.contains("a → b → a"));
}

TEST_CASE("a knowledge model may call itself") {
    const auto model = testing::model_with(R"(
        <businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>
          <formalParameter name="n"/><literalExpression><text>if n = 0 then 1 else n * f(n - 1)</text></literalExpression>
        </encapsulatedLogic></businessKnowledgeModel>)");
    CHECK(codes(model).empty());
}

TEST_CASE("ids and names stand once, and a decision says something") {
    CHECK(codes(testing::model_with(R"(<decision id="a" name="a"/>)")) == Codes{"dmn.decision_without_logic"});
    CHECK(codes(testing::model_with(R"(<inputData id="a" name="x"/><inputData id="a" name="y"/>)")) ==
          Codes{"dmn.duplicate_id"});
    CHECK(codes(testing::model_with(R"(<inputData id="a" name="x"/><inputData id="b" name="x"/>)")) ==
          Codes{"dmn.duplicate_name"});
    CHECK(codes(testing::model_with(R"(<inputData id="a"/>)")) == Codes{"dmn.missing_name"});
    CHECK(codes(testing::model_with(R"(<inputData name="a"/>)")) == Codes{"dmn.missing_id"});
}

TEST_CASE("a table needs rules, and priorities need output values") {
    CHECK(codes(Table{.inputs = {{"area", "number"}}}) == Codes{"dmn.table_without_rules"});
    CHECK(codes(Table{.policy = "PRIORITY", .inputs = {{"area", "number"}}, .rules = {{"-", "1"}}}) ==
          Codes{"dmn.output_values_missing"});
    CHECK(codes(Table{.policy = "OUTPUT ORDER", .inputs = {{"area", "number"}}, .rules = {{"-", "1"}}}) ==
          Codes{"dmn.output_values_missing"});
}

}  // namespace
}  // namespace kaigong::dmn
