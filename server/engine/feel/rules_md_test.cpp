// Our own acceptance test for FEEL: every pre-check rule of the shared rule book with its passing and failing values.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "engine/feel/feel.hpp"

namespace {

using namespace kaigong::feel;

const std::string kRuleBook = KAIGONG_SOURCE_DIR "/../shared/rules.md";

struct Rule {
    std::string number, applies_if, fails_if, unchecked_if, passes_with, fails_with;
};

/// The cells of a table row; `\|` stands for a bar within a cell.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells(1);
    for (std::size_t at = 1; at < line.size(); ++at) {
        if (line[at] == '\\' && at + 1 < line.size() && line[at + 1] == '|') {
            cells.back() += line[++at];
        } else if (line[at] == '|') {
            cells.emplace_back();
        } else {
            cells.back() += line[at];
        }
    }
    cells.pop_back();
    return cells;
}

std::string between(const std::string& text, const std::string& open, const std::string& close) {
    const std::size_t from = text.find(open);
    if (from == std::string::npos) return "";
    const std::size_t begin = from + open.size();
    const std::size_t end = text.find(close, begin);
    return end == std::string::npos ? "" : text.substr(begin, end - begin);
}

std::vector<Rule> read_rules(std::istream& book) {
    std::vector<Rule> rules;
    for (std::string line; std::getline(book, line);) {
        if (!line.starts_with("| R-") || line.substr(7, 2) != " |") continue;
        const auto cells = cells_of(line);
        REQUIRE(cells.size() == 10);
        const std::string& condition = cells[2];
        rules.push_back({cells[0].substr(1, cells[0].size() - 2),
                         between(condition.substr(0, condition.find("**")), "`", "`"), between(condition, "**`", "`**"),
                         between(cells[4], "`", "`"), between(cells[8], "`", "`"), between(cells[9], "`", "`")});
    }
    return rules;
}

std::string functions_of(std::istream& book) {
    std::string line;
    while (std::getline(book, line) && line != "## Functions used (FEEL)") {
    }
    std::string text;
    bool inside = false;
    while (std::getline(book, line)) {
        if (line.starts_with("```")) {
            if (inside) return text;
            inside = true;
        } else if (inside) {
            text += line + "\n";
        }
    }
    return text;
}

Context evaluated_context(const std::string& entries) {
    const auto expression = parse("{" + entries + "}");
    INFO(entries);
    if (!expression) FAIL(expression.error().message);
    const Value value = evaluate(*expression, {});
    REQUIRE(value.is(Kind::context));
    return value.as_context();
}

/// The values of a cell, where `…_on` and `today` are dates, together with the functions.
Context variables_of(const std::string& cell, const Context& functions) {
    auto values = context_from_json_text(to_json_text(Value(evaluated_context(cell))), {.typed_by_suffix = true});
    REQUIRE(values);
    for (const auto& [name, function] : functions) values->put(name, function);
    return *values;
}

Value value_of(const std::string& text, const Context& variables) {
    const auto expression = parse(text);
    if (!expression) FAIL(text << ": " << expression.error().message);
    return evaluate(*expression, variables);
}

std::string outcome_of(const Rule& rule, const Context& variables) {
    if (!rule.applies_if.empty() && !value_of(rule.applies_if, variables).is_true()) return "pass";
    if (!rule.unchecked_if.empty() && value_of(rule.unchecked_if, variables).is_true()) return "unchecked";
    const Value fails = value_of(rule.fails_if, variables);
    if (fails.is_null()) return "unchecked: " + std::string(fails.null_reason());
    return fails.is_true() ? "fail" : "pass";
}

}  // namespace

TEST_CASE("every_rule_of_the_rule_book_passes_and_fails_with_its_examples") {
    std::ifstream book(kRuleBook);
    if (!book) {
        REQUIRE_MESSAGE(std::getenv("CI") == nullptr, "the shared rule book is missing");
        MESSAGE("skipped: the shared rule book is not there");
        return;
    }
    const auto rules = read_rules(book);
    CHECK(rules.size() >= 150);
    std::ifstream again(kRuleBook);
    const Context functions = evaluated_context(functions_of(again));
    for (const Rule& rule : rules) {
        INFO(rule.number << ": " << rule.fails_if);
        CHECK_MESSAGE(outcome_of(rule, variables_of(rule.passes_with, functions)) == "pass", rule.passes_with);
        CHECK_MESSAGE(outcome_of(rule, variables_of(rule.fails_with, functions)) == "fail", rule.fails_with);
    }
}
