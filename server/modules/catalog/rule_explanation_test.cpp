#include "modules/catalog/rule_explanation.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "modules/catalog/rule_model.hpp"

using namespace kaigong;
using catalog::ReadMask;

namespace {

const std::vector<std::string> kPersonal{"participants[].lead.name", "participants[].lead.id_number", "contact.phone"};

feel::Context inputs() {
    return feel::context_from_json({{"works", {{"works_name", "教学楼"}}}, {"participants", boost::json::array{}}});
}

std::string shown(const std::string& path, const feel::Value& value) {
    const auto given = inputs();
    return ReadMask(kPersonal, given).shown({path, value}).value_text;
}

}  // namespace

TEST_CASE("a value of the form is shown, a personal one never, whatever the way to it") {
    CHECK(shown("works.works_name", feel::Value("教学楼")) == "\"教学楼\"");
    CHECK(shown("works.floor_area_m2_hundredths", feel::Value(30000)) == "30000");
    for (const char* path : {"participants[1].lead.name", "participants[role = \"owner\"][1].lead.id_number",
                             "p.lead.name", "people.id_number", "lead.name", "name", "contact.phone"}) {
        CHECK_MESSAGE(shown(path, feel::Value("孙示例")).empty(), path);
    }
}

TEST_CASE("a text under a name of the condition's own is not shown: it may be anybody's") {
    CHECK(shown("who", feel::Value("孙示例")).empty());
    CHECK(shown("age_in_years", feel::Value(61)) == "61");
}

TEST_CASE("a list is shown by its size, because persons may stand in it") {
    CHECK(shown("participants", feel::Value(feel::List{feel::Value("孙示例"), feel::Value("周示例")})) == "2 项");
    CHECK(shown("works", inputs().find("works") != nullptr ? *inputs().find("works") : feel::Value()) == "1 个字段");
}

TEST_CASE("the conditions of a rule of the shipped rules are given with what they read") {
    std::ostringstream text;
    text << std::ifstream(KAIGONG_SOURCE_DIR "/catalog/night-construction/precheck.dmn").rdbuf();
    const auto model = dmn::parse(text.str());
    REQUIRE(model);
    const auto given = feel::context_from_json({{"night", {{"reason", "赶工"}}}});
    const auto decided = dmn::evaluate(*model, catalog::kFindingsDecision, given, {}, {.explain = true});
    REQUIRE(decided);
    REQUIRE_FALSE(decided->explanation.tables.empty());
    const auto lines = catalog::ExplainedRules(decided->explanation).lines_of("N-102", nullptr);
    REQUIRE(lines.size() == 3);
    CHECK(lines[2].part == "fails");
    CHECK(lines[2].expression == "string length(night.reason) < 6");
    CHECK(lines[2].value_text == "true");
    REQUIRE(lines[2].reads.size() == 1);
    CHECK(lines[2].reads.front().path == "night.reason");
    CHECK(lines[2].reads.front().value_text == "\"赶工\"");
    CHECK(catalog::ExplainedRules(decided->explanation).lines_of("N-999", nullptr).empty());
}

TEST_CASE("of a rule that failed its condition is given, of one that could not be checked why not") {
    const std::vector<catalog::ExplanationLine> lines{
        {"applies", "true", "true", {}}, {"unchecked", "a = null", "true", {}}, {"fails", "a < 1", "null", {}}};
    CHECK(catalog::deciding_line(lines, "fail").front().part == "fails");
    CHECK(catalog::deciding_line(lines, "unchecked").front().part == "unchecked");
    auto undecided = lines;
    undecided[1].value_text = "false";
    CHECK(catalog::deciding_line(undecided, "unchecked").front().part == "fails");
    CHECK(catalog::deciding_line({}, "fail").empty());
}
