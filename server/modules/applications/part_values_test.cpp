#include "modules/applications/part_values.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::applications;
using boost::json::object;
using boost::json::parse;

namespace {

const catalog::InvitedPart kOwnRow{"own_row", "本单位", "", {"designer"}, {}, {"role", "code"}, {"no"}, false};
const catalog::InvitedPart kDrawings{"drawings", "图", "", {"designer"}, {"drawings", "safety.plan"}, {}, {}, false};
const catalog::InvitedParts kParts{"firms", "code", "role", "name", "roles", 30, {kOwnRow, kDrawings}};
const PartFirm kDesigner{"B", "designer"};

object form() {
    return parse(R"({"works": {"name": "校舍"}, "drawings": {"number": "1"}, "safety": {"plan": "a", "cost": 5},
        "firms": [{"no": 1, "code": "A", "role": "owner", "phone": "1"},
                  {"no": 2, "code": "B", "role": "surveyor", "phone": "2"},
                  {"no": 3, "code": "B", "role": "designer", "phone": "3", "lead": {"name": "陈"}}]})")
        .as_object();
}

object values(const char* text) {
    return parse(text).as_object();
}

std::string digest(const object& of) {
    return part_digest(of, values(R"({"properties": {"firms": {"items": {"properties": {
        "no": {"x-row-number": true}, "phone": {}}}}}})"));
}

}  // namespace

TEST_CASE("a firm is given its own row, and the row of no other role and no other firm") {
    const auto part = part_of_form(kParts, kOwnRow, kDesigner, form());
    REQUIRE(part);
    CHECK(part->size() == 1);
    CHECK(part->at("firms").as_array().size() == 1);
    CHECK(part->at("firms").as_array()[0].at("phone") == "3");
    CHECK_FALSE(part_of_form(kParts, kOwnRow, {"C", "designer"}, form()));
    const auto drawings = part_of_form(kParts, kDrawings, kDesigner, form());
    CHECK(*drawings == values(R"({"drawings": {"number": "1"}, "safety": {"plan": "a"}})"));
}

TEST_CASE("what a firm saves goes to its row by who it is, not by its number") {
    auto whole = form();
    auto& rows = whole.at("firms").as_array();
    rows.erase(rows.begin() + 1);  // the owner removed the surveyor meanwhile
    REQUIRE(put_part(kParts, kOwnRow, kDesigner, values(R"({"firms": [{"no": 7, "phone": "9"}]})"), whole));
    CHECK(whole.at("firms").as_array()[0].at("phone") == "1");
    CHECK(whole.at("firms").as_array()[1] == parse(R"({"no": 3, "phone": "9", "role": "designer", "code": "B"})"));
    CHECK(whole.at("works").at("name") == "校舍");
}

TEST_CASE("a path outside the part is refused by its name, and nothing is changed") {
    for (const char* sent : {R"({"works": {"name": "x"}})", R"({"firms": [{}, {}]})", R"({"firms": [1]})",
                             R"({"firms": [{"phone": "9"}], "works": {}})", R"({"firms": [{"code": "A"}]})",
                             R"({"firms": [{"role": "owner"}]})", R"({})"}) {
        auto whole = form();
        const auto put = put_part(kParts, kOwnRow, kDesigner, values(sent), whole);
        REQUIRE_FALSE(put);
        CHECK(put.error().reason == "applications.outside_part");
        CHECK_FALSE(put.error().fields.empty());
        CHECK(whole == form());
    }
    auto whole = form();
    const auto put = put_part(kParts, kDrawings, kDesigner, values(R"({"safety": {"plan": "b", "cost": 6}})"), whole);
    REQUIRE_FALSE(put);
    CHECK(put.error().fields.front().field == "safety.cost");
    CHECK(whole == form());
}

TEST_CASE("what a firm leaves out is no longer answered; the rest of the group stays") {
    auto whole = form();
    REQUIRE(put_part(kParts, kDrawings, kDesigner, values(R"({"safety": {"plan": "b"}})"), whole));
    CHECK(whole.at("safety") == parse(R"({"plan": "b", "cost": 5})"));
    CHECK_FALSE(whole.contains("drawings"));
}

TEST_CASE("a firm that is no longer in the list has no part") {
    auto whole = form();
    whole.at("firms").as_array().pop_back();
    const auto put = put_part(kParts, kOwnRow, kDesigner, values(R"({"firms": [{}]})"), whole);
    REQUIRE_FALSE(put);
    CHECK(put.error().reason == "applications.part_gone");
}

TEST_CASE("of two rows of one firm in one role neither is its part") {
    auto whole = form();
    auto& rows = whole.at("firms").as_array();
    rows.push_back(rows.back());
    CHECK_FALSE(part_of_form(kParts, kOwnRow, kDesigner, whole));
    CHECK_FALSE(put_part(kParts, kOwnRow, kDesigner, values(R"({"firms": [{}]})"), whole));
}

TEST_CASE("paths of an error are as the firm wrote them") {
    auto of_form = invalid_field("firms[2].phone", "catalog.form_invalid", "太长");
    CHECK(in_part(of_form, kParts, 2).fields.front().field == "firms[0].phone");
    CHECK(in_part(of_form, kParts, 1).fields.front().field == "firms[2].phone");
}

TEST_CASE("a digest is of what is answered: not of order, of empty members, of numbers of rows") {
    const auto one = digest(values(R"({"firms": [{"no": 3, "phone": "3", "lead": {"name": "陈"}}]})"));
    CHECK(digest(values(R"({"firms": [{"lead": {"name": "陈", "id": ""}, "phone": "3", "no": 2, "x": null}]})")) ==
          one);
    CHECK(digest(values(R"({"firms": [{"no": 3, "phone": "4", "lead": {"name": "陈"}}]})")) != one);
    CHECK(digest(values(R"({"firms": [{"no": 3, "phone": "3", "lead": {"name": "陈", "id": "7"}}]})")) != one);
    CHECK(digest(values(R"({"a": "1,"})")) != digest(values(R"({"a": "1", "b": ""})")));
}
