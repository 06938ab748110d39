// 条款库: what a matter's clauses and sentences may refer to, and what is said where they refer to nothing.
#include "modules/catalog/clause_library.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/dmn/dmn.hpp"
#include "modules/catalog/rule_model.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;

std::string shipped(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog" / file).rdbuf();
    return text.str();
}

struct Library {
    std::vector<Item> items{{"fire", "消防", "fire", "消防科", "", 7, {}}};
    boost::json::array materials{object{{"material_code", "M-33"}}};
    object json = boost::json::parse(R"({
        "clauses": [{"clause": "XFF-12", "law": "消防法", "article": "第十二条", "summary": "未经审查不得施工。",
                     "confirmed": true, "items": ["fire"], "materials": ["M-33"], "rules": ["R-701"]}],
        "opinions": [{"opinion": "O-1", "kind": "review", "item": "fire", "outcome": "agree", "material": "M-33",
                      "text": "{works_name}的《{material}》合格。", "clauses": ["XFF-12"]}]})")
                      .as_object();

    object& clause() { return json.at("clauses").as_array()[0].as_object(); }
    object& opinion() { return json.at("opinions").as_array()[0].as_object(); }
    Result<void> check() const { return check_clause_library("clauses.json", json, {items, materials}); }
    bool is_refused_for(std::string_view word) const {
        const auto checked = check();
        return !checked && checked.error().reason == "catalog.matter_malformed" &&
               checked.error().message.find(word) != std::string::npos &&
               checked.error().message.find("clauses.json") != std::string::npos;
    }
};

}  // namespace

TEST_CASE("a library whose clauses and sentences name what the matter has is taken") {
    CHECK(Library().check());
}

TEST_CASE("a clause without article, twice, of an unknown item or paper is refused with its number") {
    Library without;
    without.clause().erase("article");
    CHECK(without.is_refused_for("XFF-12"));
    Library twice;
    twice.json.at("clauses").as_array().push_back(twice.clause());
    CHECK(twice.is_refused_for("XFF-12"));
    Library unsure;
    unsure.clause().erase("confirmed");
    CHECK(unsure.is_refused_for("confirmed"));
    Library item;
    item.clause()["items"] = boost::json::array{"planning"};
    CHECK(item.is_refused_for("planning"));
    Library paper;
    paper.clause()["materials"] = boost::json::array{"M-99"};
    CHECK(paper.is_refused_for("M-99"));
}

TEST_CASE("a sentence of an unknown item or clause, or with a gap that nobody fills, is refused") {
    Library item;
    item.opinion()["item"] = "planning";
    CHECK(item.is_refused_for("planning"));
    Library clause;
    clause.opinion()["clauses"] = boost::json::array{"XFF-13"};
    CHECK(clause.is_refused_for("XFF-13"));
    Library gap;
    gap.opinion()["text"] = "请{somebody}改正";
    CHECK(gap.is_refused_for("{somebody}"));
    Library open;
    open.opinion()["text"] = "请{works_name";
    CHECK(open.is_refused_for("works_name"));
    Library longer;
    longer.opinion()["text"] = std::string(501, 'x');
    CHECK(longer.is_refused_for("O-1"));
}

TEST_CASE("the shipped libraries are whole: every rule, outcome and checkpoint that they name is there") {
    for (const std::string matter : {"construction-permit", "night-construction"}) {
        const auto library = boost::json::parse(shipped(matter + "/clauses.json")).as_object();
        std::vector<std::string> rules;
        const auto model = dmn::parse(shipped(matter + "/precheck.dmn"));
        REQUIRE(model);
        for (const auto& row : rule_rows(*model)) rules.push_back(row.rule);
        CHECK(clauses_without_rule(library, rules).empty());
        const auto process = bpmn::parse(shipped(matter + "/issue.bpmn"), "", {});
        REQUIRE(process);
        CHECK(check_opinions(library, *process).empty());
    }
}

TEST_CASE("a rule or an outcome that went away is named by what it leaves behind") {
    const auto library = boost::json::parse(shipped("construction-permit/clauses.json")).as_object();
    const auto gone = clauses_without_rule(library, {});
    REQUIRE(!gone.empty());
    CHECK(gone.front().clause == "JZF-7");
    auto text = shipped("construction-permit/issue.bpmn");
    const std::string outcome = R"(code="agree_with_conditions")";
    for (auto at = text.find(outcome); at != std::string::npos; at = text.find(outcome)) {
        text.replace(at, outcome.size(), R"(code="agree_if")");
    }
    const auto problems = check_opinions(library, bpmn::parse(text, "", {}).value());
    REQUIRE(problems.size() == 3);
    CHECK(problems[0].code == "catalog.opinion_without_task");
    CHECK(problems[0].severity == bpmn::Problem::Severity::warning);
}

}  // namespace kaigong::catalog
