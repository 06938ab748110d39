// Who knows a password because he gave it binds no factor with it: on both databases, with the rules of production.
#include <doctest/doctest.h>

#include <cctype>

#include "crypto/encoding.hpp"
#include "crypto/totp.hpp"
#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

namespace {

/// Both administrators have proven lately who they are and have a factor.
class Staff {
  public:
    explicit Staff(World& world) : world_(world) {
        world.first.create("root", kAdministrator, {authz::Role::system_admin});
        world.first.create("guard", kAdministrator, {authz::Role::security_admin});
        root = enrolled("root");
        guard = enrolled("guard");
    }

    /// Binds an app and goes on; gives the cookie of the whole session.
    std::string enrolled(const std::string& account) {
        const auto cookie = world_.first.cookie(account);
        REQUIRE_FALSE(bind(cookie));
        const auto whole = world_.first.ask(Method::post, "/session/continuation", {}, {.cookie = cookie});
        REQUIRE(whole);
        CHECK(text_of(body_of(*whole), "stage") == "full");
        return Office::cookie_of(*whole);
    }
    /// Nothing when a factor was bound, else why not.
    std::optional<std::string> bind(const std::string& cookie) {
        const auto begun =
            world_.first.ask(Method::post, "/account/factors/totp", {{"name", "手机"}}, {.cookie = cookie});
        if (!begun) return begun.error().reason;
        const auto secret = crypto::from_base32(text_of(body_of(*begun), "secret")).value();
        const auto id = text_of(body_of(*begun), "factor_id");
        const auto code = crypto::totp_code(secret, crypto::totp_step(world_.clock.now_ms()));
        const auto bound = world_.first.ask(Method::post, "/account/factors/totp/{factor_id=" + id + "}/confirmation",
                                            {{"code", code}}, {.cookie = cookie});
        if (!bound) return bound.error().reason;
        return std::nullopt;
    }
    Result<http::Reply> prove(const std::string& cookie, const std::string& code) {
        return world_.first.ask(Method::post, "/session/enrolment-code", {{"enrolment_code", code}},
                                {.cookie = cookie});
    }
    object shown(const std::string& path) { return must(Method::get, path, {}, guard); }
    object must(Method method, const std::string& path, const object& body, const std::string& cookie) {
        auto reply = world_.first.ask(method, path, body, {.cookie = cookie, .version = version});
        REQUIRE_MESSAGE(reply, path);
        auto json = body_of(*reply);
        if (method != Method::get) version += 1;
        return json;
    }
    static std::string one(const std::string& id, const std::string& act = "") {
        return "/admin/accounts/{account_id=" + id + "}" + act;
    }
    object made(const std::string& name) {
        version = 0;
        return must(Method::post, "/admin/accounts",
                    {{"account_name", name},
                     {"kind", "officer"},
                     {"display_name", "李窗口"},
                     {"organisation_name", "示例局"},
                     {"department", "housing"},
                     {"department_name", "住建局"},
                     {"region_code", "330106"}},
                    root);
    }
    /// The version of the account that is administered now.
    std::int64_t version = 0;
    std::string root;
    std::string guard;

  private:
    World& world_;
};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

void on_both_in_production(const std::function<void(World&, Staff&)>& body) {
    db::testing::on_each_database({"identity", "audit", "authz"}, [&](db::Database& database) {
        World world(database, identity::Policy{});
        Staff staff(world);
        body(world, staff);
    });
}

}  // namespace

TEST_CASE("whoever made an account, and prints its first password, does not enter it with the rights it was given") {
    on_both_in_production([](World& world, Staff& staff) {
        const auto made = staff.made("leader");
        const auto id = text_of(made, "account_id");
        staff.must(Method::put, Staff::one(id, "/rights"), {{"roles", {"deciding_leader"}}}, staff.guard);
        const auto thief = world.second.sign_in("leader", text_of(made, "initial_password"));
        REQUIRE(thief);
        CHECK(text_of(body_of(*thief), "stage") == "enrolment");
        CHECK(staff.bind(Office::cookie_of(*thief)) == "identity.enrolment_code_needed");
        // Rights may be prepared before the first day: the owner, who has both halves, has them at once.
        const auto given = staff.must(Method::post, Staff::one(id, "/enrolment-code"), {}, staff.guard);
        CHECK(staff.shown(Staff::one(id)).at("enrolment_code_needed").as_bool());
        auto owner = world.second.sign_in("leader", text_of(made, "initial_password"));
        REQUIRE(owner);
        CHECK(body_of(*owner).at("enrolment_code_needed").as_bool());
        CHECK(staff.prove(Office::cookie_of(*owner), "AAAAA-AAAAA").error().reason == "identity.enrolment_code_wrong");
        owner = staff.prove(Office::cookie_of(*owner), lower(text_of(given, "enrolment_code")));
        REQUIRE(owner);
        CHECK_FALSE(body_of(*owner).at("enrolment_code_needed").as_bool());
        REQUIRE_FALSE(staff.bind(Office::cookie_of(*owner)));
        const auto next =
            world.first.ask(Method::post, "/session/continuation", {}, {.cookie = Office::cookie_of(*owner)});
        CHECK(text_of(body_of(next.value()), "stage") == "password_change");
        CHECK_FALSE(staff.shown(Staff::one(id)).at("enrolment_code_needed").as_bool());
    });
}

TEST_CASE("an enrolment code is good for its time, for its account, until the next one, and for guessing five times") {
    on_both_in_production([](World& world, Staff& staff) {
        const auto other = staff.made("other");
        const auto others_code =
            staff.must(Method::post, Staff::one(text_of(other, "account_id"), "/enrolment-code"), {}, staff.guard);
        const auto made = staff.made("leader");
        const auto path = Staff::one(text_of(made, "account_id"), "/enrolment-code");
        const auto given = [&] { return text_of(staff.must(Method::post, path, {}, staff.guard), "enrolment_code"); };
        const auto cookie =
            Office::cookie_of(world.second.sign_in("leader", text_of(made, "initial_password")).value());
        const auto reason_of = [&](const std::string& code) {
            const auto reply = staff.prove(cookie, code);
            return reply ? std::string() : reply.error().reason;
        };
        const auto first = given();
        const auto second = given();
        for (const auto& code : {first, text_of(others_code, "enrolment_code"), std::string("2"), second + "2"})
            CHECK(reason_of(code) == "identity.enrolment_code_wrong");
        const auto until_ms = staff.shown(path.substr(0, path.rfind('/'))).at("enrolment_code_until_ms").as_int64();
        CHECK(until_ms == kNoonMs + world.policy.first_password_ms);
        CHECK(reason_of("AAAAA-AAAAA") == "identity.enrolment_code_wrong");
        CHECK(reason_of(second) == "identity.factor_paused");
        world.clock.set(until_ms);
        const auto late = world.second.sign_in("leader", text_of(made, "initial_password"));
        CHECK(staff.prove(Office::cookie_of(late.value()), second).error().reason == "identity.enrolment_code_wrong");
    });
}

TEST_CASE("an account of the machine’s own making, and one with a factor, have no use for an enrolment code") {
    on_both_in_production([](World& world, Staff& staff) {
        const auto id = world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto opened = world.first.sign_in("clerk");
        CHECK_FALSE(body_of(opened.value()).at("enrolment_code_needed").as_bool());
        CHECK(staff.prove(Office::cookie_of(*opened), "AAAAA-AAAAA").error().reason ==
              "identity.enrolment_code_not_asked");
        REQUIRE_FALSE(staff.bind(Office::cookie_of(*opened)));
        const auto refused =
            world.first.ask(Method::post, Staff::one(id, "/enrolment-code"), {}, {.cookie = staff.guard, .version = 1});
        CHECK(refused.error().reason == "identity.factor_bound_already");
    });
}

TEST_CASE("whoever proposed that factors are reset does not enter the account with a password of his own giving") {
    on_both_in_production([](World& world, Staff& staff) {
        const auto id =
            world.first.create("leader", authz::AccountKind::officer, {authz::Role::deciding_leader}, "330106");
        staff.enrolled("leader");
        staff.version = 1;
        staff.must(Method::post, Staff::one(id, "/factor-resets"), {{"reason", "手机丢失"}}, staff.root);
        const auto shown = staff.must(Method::get, Staff::one(id), {}, staff.guard);
        const auto proposal = text_of(shown.at("proposals").at(0).as_object(), "proposal_id");
        staff.must(Method::post, Staff::one(id, "/factor-resets/{proposal_id=" + proposal + "}/confirmation"), {},
                   staff.guard);
        // His own password alone, which others may have seen, is not enough either.
        CHECK(staff.bind(world.first.cookie("leader")) == "identity.enrolment_code_needed");
        const auto given = staff.must(Method::post, Staff::one(id, "/password"), {}, staff.root);
        const auto thief = world.second.sign_in("leader", text_of(given, "initial_password"));
        REQUIRE(thief);
        CHECK(staff.bind(Office::cookie_of(*thief)) == "identity.enrolment_code_needed");
    });
}
