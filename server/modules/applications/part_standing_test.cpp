#include "modules/applications/part_standing.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::applications;

namespace {

catalog::InvitedParts kinds(bool required) {
    return {"firms",
            "code",
            "role",
            "name",
            "",
            30,
            {{"drawings", "图", "", {"designer"}, {"drawings"}, {}, {}, false},
             {"own_row", "本单位", "", {"designer"}, {}, {}, {}, required}},
            "confirmed_at_ms",
            "standing"};
}

/// Of the organisation that applies, or of what came from others.
authz::Actor applicant(std::vector<std::string> predecessors = {}) {
    authz::Actor actor;
    actor.credit_code = "A";
    actor.predecessor_codes = std::move(predecessors);
    return actor;
}

LoadedDraft draft() {
    LoadedDraft loaded;
    loaded.row.credit_code = "A";
    loaded.form = boost::json::parse(R"({"firms": [{"code": "A", "role": "designer", "name": "甲"},
        {"code": "B", "role": "designer", "name": "乙"}, {"code": "C", "role": "owner", "name": "丙"}]})")
                      .as_object();
    return loaded;
}

StandingPart part(const std::string& standing) {
    StandingPart one;
    one.row.part = "own_row";
    one.row.credit_code = "B";
    one.row.role = "designer";
    one.standing = standing;
    return one;
}

}  // namespace

TEST_CASE("how an invitation stands") {
    store::PartRow row;
    row.state = "open";
    row.expires_at_ms = 100;
    CHECK(standing_of(row, 50) == "invited");
    CHECK(standing_of(row, 100) == "expired");
    row.filled_at_ms = 40;
    CHECK(standing_of(row, 50) == "filled");
    row.confirmed_version = row.version = 3;
    CHECK(standing_of(row, 200) == "confirmed");
    row.version = 4;
    CHECK(standing_of(row, 50) == "stale");
    row.state = "ended";
    CHECK(standing_of(row, 50) == "stale");
    row.confirmed_version = 0;
    CHECK(standing_of(row, 50) == "ended");
    row.state = "withdrawn";
    CHECK(standing_of(row, 50) == "withdrawn");
    row.state = "unlisted";
    CHECK(standing_of(row, 50) == "unlisted");
}

TEST_CASE("only a matter that demands confirmations is not filed without them, firm by firm") {
    CHECK(check_confirmations(kinds(false), draft(), applicant(), {}));
    for (const char* standing : {"invited", "filled", "stale", "expired", "withdrawn"}) {
        const auto checked = check_confirmations(kinds(true), draft(), applicant(), {part(standing)});
        REQUIRE_FALSE(checked);
        CHECK(checked.error().reason == "applications.part_not_confirmed");
        REQUIRE(checked.error().fields.size() == 1);
        CHECK(checked.error().fields[0].field == "firms[1]");
        CHECK(checked.error().fields[0].message == "“本单位”还没有由乙确认。");
    }
    // Not invited at all is not confirmed either: withdrawing is no way around.
    CHECK_FALSE(check_confirmations(kinds(true), draft(), applicant(), {}));
    CHECK(check_confirmations(kinds(true), draft(), applicant(), {part("confirmed")}));
}

TEST_CASE("an empty row asks nobody, and a row without a code is no owner's own") {
    auto odd = draft();
    odd.row.credit_code = "";
    odd.form = boost::json::parse(R"({"firms": [null, "B", {"role": "designer", "name": "乙"}]})").as_object();
    const auto checked = check_confirmations(kinds(true), odd, applicant(), {});
    REQUIRE_FALSE(checked);
    REQUIRE(checked.error().fields.size() == 1);
    CHECK(checked.error().fields[0].field == "firms[2]");
}

TEST_CASE("owner and firm that became one: nobody confirms to himself, and nothing stands in the way of filing") {
    CHECK_FALSE(check_confirmations(kinds(true), draft(), applicant(), {}));
    // The firm went into the owner.
    CHECK(check_confirmations(kinds(true), draft(), applicant({"B"}), {}));
    // The owner went into the firm, which has its applications.
    auto firm = applicant({"A"});
    firm.credit_code = "B";
    CHECK(check_confirmations(kinds(true), draft(), firm, {}));
    // Both went into a third.
    firm.credit_code = "Z";
    firm.predecessor_codes = {"A", "B"};
    CHECK(check_confirmations(kinds(true), draft(), firm, {}));
    firm.predecessor_codes = {"A"};
    CHECK_FALSE(check_confirmations(kinds(true), draft(), firm, {}));
}

TEST_CASE("the rules read who confirmed his own row, and how the others stand") {
    const auto rows_with = [](const std::vector<StandingPart>& parts, const authz::Actor& by) {
        auto whole = draft().form;
        put_confirmations(kinds(false), draft(), by, parts, 9'000, whole);
        return whole.at("firms").as_array();
    };
    auto confirmed = part("confirmed");
    confirmed.row.confirmed_at_ms = 700;
    auto rows = rows_with({confirmed}, applicant());
    CHECK(rows[0].at("confirmed_at_ms") == 9'000);  // the applicant's own
    CHECK(rows[0].at("standing") == "own");
    CHECK(rows[1].at("confirmed_at_ms") == 700);
    CHECK(rows[1].at("standing") == "confirmed");
    CHECK_FALSE(rows[2].as_object().contains("standing"));  // of a role that nobody asks
    // Of another part, of another role, of another firm: not this row.
    for (auto member : {&store::PartRow::part, &store::PartRow::role, &store::PartRow::credit_code}) {
        auto other = confirmed;
        other.row.*member = "drawings";
        CHECK_FALSE(rows_with({other}, applicant())[1].as_object().contains("confirmed_at_ms"));
    }
    for (const char* standing : {"invited", "filled", "stale", "expired", "withdrawn", "unlisted", "ended"}) {
        const auto open = rows_with({part(standing)}, applicant())[1].as_object();
        CHECK_FALSE(open.contains("confirmed_at_ms"));
        CHECK(open.at("standing") == standing);
    }
    // Asked again, and the earlier confirmation still stands.
    auto again = part("invited");
    again.is_latest = false;
    CHECK(rows_with({again, confirmed}, applicant())[1].at("confirmed_at_ms") == 700);
    CHECK(rows_with({}, applicant({"B"}))[1].at("standing") == "own");
    auto nothing = boost::json::object{{"firms", "none"}};
    put_confirmations(kinds(false), draft(), applicant(), {confirmed}, 9'000, nothing);
    CHECK(nothing.at("firms") == "none");
}

TEST_CASE("what a round keeps: the newest invitation of each, none that was withdrawn") {
    const auto ring = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    auto confirmed = part("confirmed");
    confirmed.digest = "abc";
    auto earlier = part("expired");
    earlier.is_latest = false;
    const auto filed =
        filed_parts_of(ring, {earlier, confirmed, part("withdrawn"), part("ended"), part("unlisted")}, 2, 1'000);
    REQUIRE(filed);
    CHECK(filed->seen.size() == 5);
    REQUIRE(filed->rows.size() == 1);
    CHECK(filed->rows[0].standing == "confirmed");
    CHECK(filed->rows[0].round == 2);
    CHECK(filed->rows[0].values_digest.starts_with("enc1:"));
}
