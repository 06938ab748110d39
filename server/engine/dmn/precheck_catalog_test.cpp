// The pre-check rules of the catalogue against their own examples (catalog/<matter>/precheck.tests.json): a rule is
// data, so its tests are data too. Reads the shipped files, so that a change of a rule without its example is found
// here.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "engine/dmn/dmn.hpp"

namespace kaigong {
namespace {

namespace json = boost::json;

const std::string kConstruction = "catalog/construction-permit/";
const std::string kNight = "catalog/night-construction/";

std::string file_text(const std::string& path) {
    const std::ifstream in(std::string(KAIGONG_SOURCE_DIR "/") + path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    REQUIRE_MESSAGE(in.good(), path);
    return std::move(text).str();
}

dmn::Model load_rules(const std::string& folder) {
    auto model = dmn::parse(file_text(folder + "precheck.dmn"));
    REQUIRE(model.has_value());
    return std::move(*model);
}

json::array load_examples(const std::string& folder) {
    return json::parse(file_text(folder + "precheck.tests.json")).as_array();
}

std::string text_at(const feel::Context& line, std::string_view name) {
    const auto* found = line.find(name);
    return found != nullptr && found->is(feel::Kind::string) ? found->as_string() : "";
}

struct Findings {
    std::map<std::string, feel::Context> by_rule;

    /// pass, fail, unchecked; not_applicable for a rule that gave nothing.
    std::string outcome_of(const std::string& rule) const {
        const auto found = by_rule.find(rule);
        return found == by_rule.end() ? "not_applicable" : text_at(found->second, "outcome");
    }
};

Findings check(const dmn::Model& rules, const json::object& given) {
    const auto inputs = feel::context_from_json(given, {.typed_by_suffix = true});
    const auto result = dmn::evaluate(rules, "findings", inputs);
    REQUIRE(result.has_value());
    REQUIRE_MESSAGE(result->value.is(feel::Kind::list), result->value.null_reason());
    Findings findings;
    for (const auto& line : result->value.as_list()) {
        REQUIRE(line.is(feel::Kind::context));
        const auto& finding = line.as_context();
        CHECK_MESSAGE(findings.by_rule.emplace(text_at(finding, "rule"), finding).second, text_at(finding, "rule"));
    }
    return findings;
}

void check_examples(const std::string& folder) {
    const auto rules = load_rules(folder);
    for (const auto& one : load_examples(folder)) {
        const auto& example = one.as_object();
        const std::string rule(example.at("rule").as_string());
        const std::string expected(example.at("expect").as_string());
        INFO(rule, " ", json::serialize(example.at("given")));
        CHECK(check(rules, example.at("given").as_object()).outcome_of(rule) == expected);
    }
}

/// A filed application as the catalogue module hands it to the rules: the form and what the system knows beside it.
json::object school_inputs() {
    auto inputs = json::parse(file_text("tests/data/school-form.json")).as_object();
    inputs["application"].as_object()["submitted_on"] = "2026-11-24";
    inputs["application"].as_object()["round"] = 1;
    inputs["today"] = "2026-11-24";
    inputs["applicant"] = {{"credit_code", "91330106MA0DEM0133"}};
    inputs["authority"] = json::object{{"region_codes", json::array{"330106"}}};
    inputs["region_entry"] = {{"name", "西湖区"}, {"valid_from_on", "2008-02-01"}, {"valid_through_on", nullptr}};
    inputs["calendar"] = json::object{{"published_years", json::array{2024, 2025, 2026}}};
    inputs["due_year"] = 2026;
    inputs["agent"].as_object()["power_uploaded"] = true;
    inputs["materials"] = json::array{json::object{{"material_code", "M-21"},
                                                   {"name", "施工合同"},
                                                   {"required", true},
                                                   {"has_file", true},
                                                   {"register_proved", false},
                                                   {"committed", false}}};
    return inputs;
}

TEST_CASE("the rules of both matters are readable to the last expression") {
    for (const auto& folder : {kConstruction, kNight}) {
        const auto rules = load_rules(folder);
        for (const auto& problem : rules.problems()) FAIL_CHECK(problem.element, ": ", problem.text);
    }
}

TEST_CASE("each example of the construction permit's rules comes out as it says") {
    check_examples(kConstruction);
}

TEST_CASE("each example of the night permit's rules comes out as it says") {
    check_examples(kNight);
}

TEST_CASE("every rule has an example that passes and one that fails") {
    std::map<std::string, std::set<std::string>> seen;
    for (const auto& one : load_examples(kConstruction)) {
        const std::string expected(one.at("expect").as_string());
        seen[std::string(one.at("rule").as_string())].insert(expected == "not_applicable" ? "pass" : expected);
    }
    CHECK(seen.size() >= 60);
    for (const auto& [rule, outcomes] : seen) {
        INFO(rule);
        CHECK(outcomes.contains("pass"));
        CHECK(outcomes.contains("fail"));
    }
    // A rule that nobody gave an example to would show up here: everything that answers on a whole application is
    // known.
    for (const auto& [rule, finding] : check(load_rules(kConstruction), school_inputs()).by_rule) {
        INFO(rule);
        CHECK(seen.contains(rule));
    }
}

TEST_CASE("a complete school fails no rule") {
    const auto findings = check(load_rules(kConstruction), school_inputs());
    CHECK(findings.by_rule.size() >= 80);
    for (const auto& [rule, finding] : findings.by_rule) {
        INFO(rule, " ", text_at(finding, "message"));
        CHECK(text_at(finding, "outcome") != "fail");
    }
}

TEST_CASE("an empty form still gets an answer of every rule that applies, with words for the applicant") {
    const auto findings = check(load_rules(kConstruction), {{"today", "2026-11-24"}});
    CHECK(findings.outcome_of("R-501") == "fail");
    CHECK(findings.outcome_of("R-201") == "unchecked");
    for (const auto& [rule, finding] : findings.by_rule) {
        INFO(rule);
        CHECK(!text_at(finding, "title").empty());
        CHECK(!text_at(finding, "legal_basis").empty());
        if (text_at(finding, "outcome") != "pass") CHECK(!text_at(finding, "message").empty());
        if (text_at(finding, "outcome") == "fail") CHECK(!text_at(finding, "remedy").empty());
    }
}

TEST_CASE("a finding names the row at fault by its place in the form, counted from 0") {
    auto inputs = school_inputs();
    inputs["participants"].as_array().at(3).as_object()["credit_code"] = "91330108MA0DEM30XJ";
    const auto findings = check(load_rules(kConstruction), inputs);
    REQUIRE(findings.outcome_of("R-202") == "fail");
    const auto* fields = findings.by_rule.at("R-202").find("fields");
    REQUIRE(fields != nullptr);
    REQUIRE(fields->is(feel::Kind::list));
    REQUIRE(fields->as_list().size() == 1);
    CHECK(fields->as_list().front().as_string() == "participants[3].credit_code");
}

TEST_CASE("a value that is missing is never a broken rule: each group of the form may be absent") {
    const auto rules = load_rules(kConstruction);
    const auto whole = school_inputs();
    for (const auto& [group, content] : whole) {
        auto inputs = whole;
        inputs.erase(group);
        INFO(std::string(group));
        CHECK(check(rules, inputs).by_rule.size() >= 60);
    }
}

}  // namespace
}  // namespace kaigong
