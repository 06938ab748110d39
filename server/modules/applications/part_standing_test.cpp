#include "modules/applications/part_standing.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::applications;

namespace {

catalog::InvitedParts kinds(bool required) {
    return {"firms", "code", "role", "name", "", 30, {{"own_row", "本单位", "", {"designer"}, {}, {}, {}, required}}};
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
}

TEST_CASE("only a matter that demands confirmations is not filed without them, firm by firm") {
    CHECK(check_confirmations(kinds(false), draft(), {}));
    for (const char* standing : {"invited", "filled", "stale", "expired", "withdrawn"}) {
        const auto checked = check_confirmations(kinds(true), draft(), {part(standing)});
        REQUIRE_FALSE(checked);
        CHECK(checked.error().reason == "applications.part_not_confirmed");
        REQUIRE(checked.error().fields.size() == 1);
        CHECK(checked.error().fields[0].field == "firms[1]");
        CHECK(checked.error().fields[0].message == "“本单位”还没有由乙确认。");
    }
    // Not invited at all is not confirmed either: withdrawing is no way around.
    CHECK_FALSE(check_confirmations(kinds(true), draft(), {}));
    CHECK(check_confirmations(kinds(true), draft(), {part("confirmed")}));
}

TEST_CASE("an empty row asks nobody, and a row without a code is no owner's own") {
    auto odd = draft();
    odd.row.credit_code = "";
    odd.form = boost::json::parse(R"({"firms": [null, "B", {"role": "designer", "name": "乙"}]})").as_object();
    const auto checked = check_confirmations(kinds(true), odd, {});
    REQUIRE_FALSE(checked);
    REQUIRE(checked.error().fields.size() == 1);
    CHECK(checked.error().fields[0].field == "firms[2]");
}

TEST_CASE("what a round keeps: the newest invitation of each, none that was withdrawn") {
    const auto ring = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    auto confirmed = part("confirmed");
    confirmed.digest = "abc";
    auto earlier = part("expired");
    earlier.is_latest = false;
    const auto filed = filed_parts_of(ring, {earlier, confirmed, part("withdrawn"), part("ended")}, 2, 1'000);
    REQUIRE(filed);
    CHECK(filed->seen.size() == 4);
    REQUIRE(filed->rows.size() == 1);
    CHECK(filed->rows[0].standing == "confirmed");
    CHECK(filed->rows[0].round == 2);
    CHECK(filed->rows[0].values_digest.starts_with("enc1:"));
}
