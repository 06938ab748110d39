// Rules that meet, rules that never come to their turn, and what no rule covers.
#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>

#include "engine/dmn/check_models.hpp"

namespace kaigong::dmn {
namespace {

using testing::Codes;
using testing::codes;
using testing::model_of;
using testing::only;
using testing::Table;

TEST_CASE("two rules that both match under UNIQUE overlap, with an example") {
    const auto problem =
        only(Table{.inputs = {{"area", "number"}, {"kind", "string"}},
                   .rules = {{"< 300", "-", "1"}, {">= 200", "\"a\"", "2"}, {">= 300", "not(\"a\")", "3"}}});
    CHECK(problem.code == "dmn.overlapping_rules");
    CHECK(problem.element == "row_2");
    CHECK(problem.rule == 2);
    CHECK(problem.zh.contains("第 1 行和第 2 行"));
    CHECK(problem.zh.contains("“area”从 200（含）到 300（不含）、“kind”为“a”"));
}

TEST_CASE("rules that only touch do not overlap, and leave no gap") {
    CHECK(codes(Table{.inputs = {{"area", "number"}}, .rules = {{"< 300", "1"}, {"[300..500)", "2"}, {">= 500", "3"}}})
              .empty());
    CHECK(codes(Table{.inputs = {{"day", "date"}},
                      .rules = {{"<= date(\"2017-12-31\")", "1"}, {">= date(\"2018-01-01\")", "2"}}})
              .empty());
    CHECK(codes(Table{.inputs = {{"ok", "boolean"}}, .rules = {{"true", "1"}, {"false", "2"}}}).empty());
    CHECK(codes(Table{.inputs = {{"kind", "string"}}, .rules = {{"\"a\",\"b\"", "1"}, {"not(\"a\",\"b\")", "2"}}})
              .empty());
}

TEST_CASE("under ANY only different results contradict") {
    Table table{.policy = "ANY", .inputs = {{"area", "number"}}, .rules = {{"< 300", "\"a\""}, {"-", "\"a\""}}};
    CHECK(codes(table).empty());
    table.rules = {{"< 300", "\"a\""}, {"-", "\"b\""}};
    CHECK(codes(table) == Codes{"dmn.contradicting_rules"});
}

TEST_CASE("a rule behind one that takes all of it is never reached") {
    const auto problem = only(Table{
        .policy = "FIRST", .inputs = {{"area", "number"}}, .rules = {{"< 300", "1"}, {"[100..200]", "2"}, {"-", "3"}}});
    CHECK(problem.code == "dmn.unreachable_rule");
    CHECK(problem.element == "row_2");
    CHECK(problem.zh.contains("第 1 行"));
}

TEST_CASE("a rule that several earlier ones take together is never reached") {
    const auto problem = only(Table{.policy = "FIRST",
                                    .inputs = {{"area", "number"}},
                                    .rules = {{"< 150", "1"}, {">= 150", "2"}, {"[100..200]", "3"}, {"-", "4"}}});
    CHECK(problem.code == "dmn.unreachable_rule");
    CHECK(problem.rule == 3);
}

TEST_CASE("a last rule for everything stays reachable for what is not filled in") {
    CHECK(codes(Table{.policy = "FIRST",
                      .inputs = {{"area", "number"}},
                      .rules = {{"< 150", "1"}, {">= 150", "2"}, {"-", "3"}}})
              .empty());
}

TEST_CASE("beginnings of texts are sets of texts") {
    const Table table{.policy = "FIRST",
                      .inputs = {{"region", "string"}},
                      .rules = {{"starts with(?, \"3301\")", "1"},
                                {"starts with(?, \"33\")", "2"},
                                {"starts with(?, \"330106\")", "3"},
                                {"-", "4"}}};
    const auto problem = only(table, "dmn.unreachable_rule");
    CHECK(problem.rule == 3);
}

TEST_CASE("a gap is shown by one readable example") {
    const auto problem = only(Table{.policy = "FIRST",
                                    .inputs = {{"region", "string"}, {"day", "date"}},
                                    .rules = {{"starts with(?, \"33\")", ">= date(\"2018-01-01\")", "1"},
                                              {"not(starts with(?, \"33\"))", "-", "2"}}});
    CHECK(problem.code == "dmn.gap");
    CHECK(problem.severity == CheckProblem::Severity::warning);
    CHECK(problem.element == "t");
    CHECK(problem.zh.contains("“region”以“33”开头、“day”早于 2018-01-01 时没有一行符合"));
    CHECK(problem.en.contains("“region” begins with “33”, “day” is before 2018-01-01"));
}

TEST_CASE("a default, a collecting table and values that are not allowed leave no gap") {
    Table table{.inputs = {{"area", "number"}}, .rules = {{"< 300", "1"}}};
    CHECK(codes(table) == Codes{"dmn.gap"});
    table.default_output = "2";
    CHECK(codes(table).empty());
    table.default_output = "";
    table.policy = "COLLECT";
    CHECK(codes(table).empty());
    table.policy = "UNIQUE";
    table.input_values = {"< 300"};
    CHECK(codes(table).empty());
}

TEST_CASE("a table over allowed texts is complete when all of them stand in it") {
    Table table{.inputs = {{"kind", "string"}},
                .input_values = {"\"a\",\"b\",\"c\""},
                .rules = {{"\"a\"", "1"}, {"\"b\"", "2"}}};
    CHECK(only(table, "dmn.gap").zh.contains("“kind”为“c”"));
    table.rules.push_back({"\"c\"", "3"});
    CHECK(codes(table).empty());
}

TEST_CASE("a cell that nothing satisfies is an error of the cell") {
    Table table{.inputs = {{"area", "number"}}, .rules = {{"[5..3]", "1"}, {"-", "2"}}};
    auto problem = only(table, "dmn.rule_never_matches");
    CHECK(problem.element == "row_1_in_1");
    table.input_values = {"[3..100]"};
    table.rules = {{"< 3", "1"}, {">= 3", "2"}};
    CHECK(codes(table) == Codes{"dmn.rule_never_matches"});
    table = {.inputs = {{"kind", "string"}}, .input_values = {"\"a\",\"b\""}, .rules = {{"\"c\"", "1"}, {"-", "2"}}};
    problem = only(table, "dmn.rule_never_matches");
    CHECK(problem.zh.contains("\"a\",\"b\""));
}

TEST_CASE("the same rule twice is said once") {
    Table table{.policy = "FIRST", .inputs = {{"area", "number"}}, .rules = {{"< 3", "1"}, {"< 3", "1"}, {"-", "2"}}};
    CHECK(codes(table) == Codes{"dmn.duplicate_rule"});
    table.rules = {{"[1..5]", "1"}, {">= 1 and ? <= 5", "1"}, {"? >= 1 and ? <= 5", "1"}, {"-", "2"}};
    table.rules.erase(table.rules.begin() + 1);
    CHECK(codes(table) == Codes{"dmn.duplicate_rule"});
}

TEST_CASE("what hangs on other inputs or on functions is never a false alarm") {
    CHECK(codes(Table{.inputs = {{"area", "number"}, {"height", "number"}},
                      .rules = {{"< height", "-", "1"}, {">= height", "-", "2"}}})
              .empty());
    CHECK(codes(Table{.policy = "FIRST",
                      .inputs = {{"code", "string"}},
                      .rules = {{"matches(?, \"^A\")", "1"}, {"matches(?, \"^B\")", "2"}}})
              .empty());
}

TEST_CASE("columns that read the same input leave nothing certain") {
    const auto model = testing::model_with(testing::inputs_named({{"area", "number"}}) + R"(
        <decision id="big" name="big"><variable name="big" typeRef="boolean"/>
          <informationRequirement><requiredInput href="#area"/></informationRequirement>
          <literalExpression><text>area &gt; 300</text></literalExpression></decision>
        <decision id="d" name="limit"><variable name="limit"/>
          <informationRequirement><requiredInput href="#area"/></informationRequirement>
          <informationRequirement><requiredDecision href="#big"/></informationRequirement>
          <decisionTable id="t" hitPolicy="UNIQUE">
            <input><inputExpression typeRef="number"><text>area</text></inputExpression></input>
            <input><inputExpression typeRef="boolean"><text>big</text></inputExpression></input>
            <output name="out"/>
            <rule id="r1"><inputEntry><text>&lt;= 300</text></inputEntry><inputEntry><text>false</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
            <rule id="r2"><inputEntry><text>&gt; 300</text></inputEntry><inputEntry><text>true</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>
          </decisionTable></decision>)");
    CHECK(codes(model).empty());
}

TEST_CASE("under PRIORITY a rule whose result never wins is never reached") {
    Table table{.policy = "PRIORITY",
                .inputs = {{"area", "number"}},
                .output_values = "\"high\",\"low\"",
                .rules = {{"< 100", "\"low\""}, {"-", "\"high\""}}};
    const auto problem = only(table, "dmn.unreachable_rule");
    CHECK(problem.rule == 1);
    table.rules = {{"< 100", "\"high\""}, {"-", "\"low\""}};
    CHECK(codes(table).empty());
}

Table wide_table(int rules) {
    Table table{.policy = "FIRST", .inputs = {{"area", "number"}, {"kind", "string"}, {"day", "date"}}};
    for (int at = 0; at < rules; ++at) {
        table.rules.push_back({fmt::format("[{}..{})", at * 7, at * 7 + 90), fmt::format("\"k{}\"", at % 50),
                               fmt::format(">= date(\"20{:02}-01-01\")", at % 30), fmt::format("{}", at)});
    }
    return table;
}

TEST_CASE("a thousand rules are checked in a second") {
    const auto model = model_of(wide_table(1'000));
    const auto begun = std::clock();
    const auto problems = check(model);
    const auto seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    CHECK(!problems.empty());
    CHECK(std::ranges::none_of(problems, [](const auto& one) { return one.code == "dmn.check_gave_up"; }));
    CHECK(seconds < 10);  // the sanitizers' share included
}

TEST_CASE("a table that is too large to look through says so") {
    const auto found = codes(wide_table(5'001));
    CHECK(found == Codes{"dmn.check_gave_up"});
}

}  // namespace
}  // namespace kaigong::dmn
