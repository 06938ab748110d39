// Whose ID number it is: what its owner types, what an officer sees on the card, what a provider of identities says.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;
using identity::IdNumberStanding;

namespace {

constexpr const char* kId = "11010519491231002X";
constexpr const char* kOtherId = "330106196801010004";
constexpr const char* kPath = "/admin/id-number-verifications";

struct Window {
    explicit Window(World& world) : office(world.first) {
        office.create("clerk", authz::AccountKind::officer, {authz::Role::window_clerk}, "330106", "", "13800000001");
        wu = office.create("wu", kAgent, {});
    }
    std::string give(const std::string& account, const char* id_number) {
        const auto reply = office.ask(Method::put, "/account/id-number", {{"id_number", id_number}},
                                      {.cookie = office.cookie(account)});
        return reply ? "" : reason_of(reply.error());
    }
    std::string verify(const std::string& account, const char* id_number, bool correction = false,
                       const std::string& by = "clerk") {
        object card{{"account_name", account}, {"id_number", id_number}, {"reason", "人证一致"}};
        if (correction) card["correction"] = true;
        const auto reply = office.ask(Method::post, kPath, card, {.cookie = office.cookie(by)});
        return reply ? "" : reason_of(reply.error());
    }
    IdNumberStanding standing(const std::string& account_id, const char* id_number = kId) {
        return office.identity().standing_of({account_id}, id_number);
    }
    std::vector<std::string> acts(const std::string& account_id) {
        std::vector<std::string> list;
        for (const auto& one : office.audit().entries_of("account", account_id, std::nullopt, 100).value().entries) {
            list.push_back(one.act);
        }
        return list;
    }
    bool applies_himself(const std::string& account_id) {
        const auto roles = office.identity().find_account({account_id})->roles;
        return std::ranges::find(roles, authz::Role::individual_owner) != roles.end();
    }
    static std::string reason_of(const Error& error) {
        return error.fields.empty() ? error.reason : error.fields.front().reason;
    }

    Office& office;
    std::string wu;
};

void on_both_windows(const std::function<void(Window&)>& body) {
    on_both([&](World& world) {
        Window window(world);
        body(window);
    });
}

}  // namespace

TEST_CASE("a number that somebody typed is given, and verified only once an officer saw the card") {
    on_both_windows([](Window& window) {
        CHECK(window.standing(window.wu) == IdNumberStanding::another);
        CHECK(window.give("wu", kId).empty());
        CHECK(window.standing(window.wu) == IdNumberStanding::given);
        CHECK(window.standing(window.wu, kOtherId) == IdNumberStanding::another);
        CHECK(window.verify("wu", kId).empty());
        CHECK(window.standing(window.wu) == IdNumberStanding::verified);
        CHECK(window.standing(window.wu, "11010519491231002x") == IdNumberStanding::verified);
        const auto acts = window.acts(window.wu);
        CHECK(std::ranges::count(acts, "identity.verify_id_number") == 1);
        CHECK(window.verify("wu", kId).empty());
        CHECK(window.acts(window.wu) == acts);
    });
}

TEST_CASE("the number of another typed into an account is his nowhere: his own being verified verifies no other") {
    on_both_windows([](Window& window) {
        const auto impostor = window.office.create("impostor", kAgent, {});
        CHECK(window.give("wu", kId).empty());
        CHECK(window.give("impostor", kId).empty());
        CHECK(window.verify("wu", kId).empty());
        CHECK(window.standing(window.wu) == IdNumberStanding::verified);
        CHECK(window.standing(impostor) == IdNumberStanding::given);
        // One person with two accounts shows his card for each.
        CHECK(window.verify("impostor", kId).empty());
        CHECK(window.standing(impostor) == IdNumberStanding::verified);
    });
}

TEST_CASE("a card that does not fit leaves a line; a slip of its owner is corrected only when that is said, and once") {
    on_both_windows([](Window& window) {
        CHECK(window.give("wu", kOtherId).empty());
        CHECK(window.verify("wu", kId) == "identity.id_number_differs");
        CHECK(window.standing(window.wu, kOtherId) == IdNumberStanding::given);
        CHECK(std::ranges::count(window.acts(window.wu), "identity.id_number_differs") == 1);
        CHECK(window.verify("wu", kId, true).empty());
        CHECK(window.standing(window.wu) == IdNumberStanding::verified);
        CHECK(window.standing(window.wu, kOtherId) == IdNumberStanding::another);
        CHECK(window.verify("wu", kOtherId, true) == "identity.id_number_verified");
        CHECK(window.give("wu", kOtherId) == "identity.id_number_kept");
        CHECK(window.standing(window.wu) == IdNumberStanding::verified);
    });
}

TEST_CASE("who gave no number is registered at the window; accounts of the office and unknown ones are not there") {
    on_both_windows([](Window& window) {
        CHECK_FALSE(window.applies_himself(window.wu));
        CHECK(window.verify("WU", kId).empty());
        CHECK(window.applies_himself(window.wu));
        window.office.create("leader", authz::AccountKind::officer, {authz::Role::deciding_leader}, "330106");
        CHECK(window.verify("leader", kId) == "identity.account_not_there");
        CHECK(window.verify("nobody", kId) == "identity.account_not_there");
        CHECK(window.verify("wu", "330106199001011234") == "identity.id_number_malformed");
        CHECK(window.verify("wu", kId, false, "leader") == "authz.not_permitted");
        const auto own = window.office.create("clerk.at.home", kAgent, {}, "", "", "13800000001");
        CHECK(window.verify("clerk.at.home", kOtherId) == "identity.own_account");
        CHECK(window.standing(own, kOtherId) == IdNumberStanding::another);
    });
}

TEST_CASE("an administrator sees who verified a number, when and why, and never the number") {
    on_both_windows([](Window& window) {
        window.office.create("boss", kAdministrator, {authz::Role::system_admin});
        const auto shown = [&] {
            const auto path = "/admin/accounts/{account_id=" + window.wu + "}";
            const auto reply = window.office.ask(Method::get, path, {}, {.cookie = window.office.cookie("boss")});
            REQUIRE(reply);
            return body_of(*reply);
        };
        CHECK(shown().at("id_number").at("given") == false);
        CHECK(window.give("wu", kId).empty());
        CHECK(shown().at("id_number").at("given") == true);
        CHECK(shown().at("id_number").at("verified_by").is_null());
        CHECK(window.verify("wu", kId).empty());
        const auto facts = shown().at("id_number").as_object();
        CHECK(text_of(facts, "verified_by") == "counter");
        CHECK(text_of(facts, "officer_name") == "李窗口");
        CHECK(text_of(facts, "reason") == "人证一致");
        CHECK(boost::json::serialize(shown()).find(kId) == std::string::npos);
    });
}

TEST_CASE("a provider's word replaces what was only typed, and not what an officer saw") {
    on_both_windows([](Window& window) {
        auto& identity = window.office.identity();
        CHECK(window.give("wu", kOtherId).empty());
        CHECK(identity.vouch_for_id_number({window.wu}, "no number"));
        CHECK(window.standing(window.wu, kOtherId) == IdNumberStanding::given);
        CHECK(identity.vouch_for_id_number({window.wu}, "11010519491231002x"));
        CHECK(window.standing(window.wu) == IdNumberStanding::verified);
        CHECK(identity.vouch_for_id_number({window.wu}, kId));
        CHECK(std::ranges::count(window.acts(window.wu), "identity.verify_id_number") == 1);

        const auto seen = window.office.create("seen", kAgent, {});
        CHECK(window.verify("seen", kOtherId).empty());
        CHECK(identity.vouch_for_id_number({seen}, kId));
        CHECK(window.standing(seen, kOtherId) == IdNumberStanding::verified);
        CHECK(window.standing(seen) == IdNumberStanding::another);

        const auto fresh = window.office.create("fresh", kAgent, {});
        CHECK(identity.vouch_for_id_number({fresh}, kId));
        CHECK(window.applies_himself(fresh));
        CHECK(window.standing(fresh) == IdNumberStanding::verified);
    });
}
