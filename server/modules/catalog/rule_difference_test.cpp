#include "modules/catalog/rule_difference.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace kaigong;

namespace {

std::string rules_text() {
    std::ostringstream text;
    text << std::ifstream(KAIGONG_SOURCE_DIR "/catalog/construction-permit/precheck.dmn").rdbuf();
    return text.str();
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

dmn::Model model(const std::string& text) {
    auto parsed = dmn::parse(text);
    REQUIRE(parsed);
    return std::move(*parsed);
}

const std::string kZhejiangLimit = R"(<outputEntry id="permit_limit_row_4_out_1"><text>200000000</text>)";

/// The row from its opening to its closing tag.
std::string row(const std::string& text, const std::string& id) {
    const auto from = text.find("<rule id=\"" + id + "\">");
    REQUIRE(from != std::string::npos);
    const auto end = text.find("</rule>", from) + 7;
    return text.substr(from, end - from);
}

}  // namespace

TEST_CASE("the same rules have no difference, also when only their layout or a description is another") {
    const auto text = rules_text();
    CHECK(catalog::difference(model(text), model(text)).empty());
    CHECK(catalog::difference(model(text), model(changed(text, "<outputEntry", "\n\n   <outputEntry"))).empty());
}

TEST_CASE("a threshold that changed is one line that says row, column, and both values in 万元") {
    const auto text = rules_text();
    const auto lines = catalog::difference(
        model(text), model(changed(text, kZhejiangLimit, changed(kZhejiangLimit, "200000000", "300000000"))));
    REQUIRE(lines.size() == 1);
    const auto& line = lines.front();
    CHECK(line.kind == "changed");
    CHECK(line.decision == "permit_limit");
    CHECK(line.rule == 4);
    CHECK(line.column_name == "invest_fen");
    CHECK(line.before == "200000000");
    CHECK(line.after == "300000000");
    CHECK(line.text.starts_with("办证限额表第 4 行（浙江"));
    CHECK(line.text.ends_with("，投资：由 200\u00a0万元 改为 300\u00a0万元"));
}

TEST_CASE("a row that is gone and a row that is new are told apart from those that moved") {
    const auto text = rules_text();
    const auto fourth = row(text, "permit_limit_row_4");
    const auto without = changed(text, fourth, "");
    const auto removed = catalog::difference(model(text), model(without));
    REQUIRE(removed.size() == 1);
    CHECK(removed.front().kind == "removed");
    CHECK(removed.front().rule == 4);
    const auto added = catalog::difference(model(without), model(text));
    REQUIRE(added.size() == 1);
    CHECK(added.front().kind == "added");
    CHECK(added.front().rule == 4);
}

TEST_CASE("a changed limit touches the rules that read it and no other group") {
    const auto text = rules_text();
    const auto differing = catalog::decisions_that_differ(
        model(text), model(changed(text, kZhejiangLimit, changed(kZhejiangLimit, "200000000", "300000000"))));
    for (const char* touched : {"permit_limit", "limit_in_force", "rules_eligibility", "findings"}) {
        CHECK_MESSAGE(differing.contains(touched), touched);
    }
    for (const char* same : {"rules_identity", "rules_dates", "rules_completeness", "filing_day"}) {
        CHECK_MESSAGE(!differing.contains(same), same);
    }
    CHECK(catalog::decisions_that_differ(model(text), model(text)).empty());
}
