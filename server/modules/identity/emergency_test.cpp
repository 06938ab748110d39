// Officers come in through the provider only, but for a few who must always be able to.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "crypto/encoding.hpp"
#include "crypto/totp.hpp"
#include "modules/identity/store.hpp"
#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

namespace {

/// Binds an app of codes; gives its secret.
crypto::Bytes bind_app(Office& office, const std::string& account) {
    const auto cookie = office.cookie(account);
    const auto begun = office.ask(Method::post, "/account/factors/totp", {{"name", "应急"}}, {.cookie = cookie});
    REQUIRE(begun);
    const auto secret = crypto::from_base32(text_of(body_of(*begun), "secret")).value();
    const auto path = "/account/factors/totp/{factor_id=" + text_of(body_of(*begun), "factor_id") + "}/confirmation";
    const auto code = crypto::totp_code(secret, crypto::totp_step(kNoonMs));
    REQUIRE(office.ask(Method::post, path, {{"code", code}}, {.cookie = cookie}));
    return secret;
}

identity::Policy provider_only(std::vector<std::string> emergency_accounts) {
    auto policy = identity::demo_policy();
    policy.staff_by_provider_only = true;
    policy.emergency_accounts = std::move(emergency_accounts);
    return policy;
}

/// Two emergency accounts, `boss` and `deputy`, both fit; `keeper` and `guard` administer them from sessions of before.
class Emergency {
  public:
    explicit Emergency(db::Database& database)
        : before_(database), office_(database, before_.key_ring, before_.clock, provider_only({"boss", "deputy"})) {
        before_.first.create("keeper", kAdministrator, {authz::Role::system_admin});
        before_.first.create("guard", kAdministrator, {authz::Role::security_admin});
        for (const auto* name : {"boss", "deputy"}) {
            ids_[name] = before_.first.create(name, kAdministrator, {authz::Role::system_admin});
            bind_app(before_.first, name);
        }
        for (const auto* name : {"keeper", "guard"}) cookies_[name] = before_.first.cookie(name);
        REQUIRE(office_.identity().check_ways_in());
    }

    /// The reason of a refusal; empty when it was done.
    std::string act(const std::string& by, Method method, const std::string& of, const std::string& rest,
                    const object& body) {
        const auto reply = try_act(by, method, of, rest, body);
        return reply ? "" : reply.error().reason;
    }
    Result<http::Reply> try_act(const std::string& by, Method method, const std::string& of, const std::string& rest,
                                const object& body) {
        const auto version = office_.identity().find_account({ids_.at(of)})->version;
        return office_.ask(method, "/admin/accounts/{account_id=" + ids_.at(of) + "}" + rest, body,
                           {.cookie = cookies_.at(by), .version = version});
    }
    std::string block(const std::string& of) {
        return act("keeper", Method::post, of, "/blocking", {{"reason", "离岗"}});
    }
    std::string grant(const std::string& of, boost::json::array roles) {
        return act("guard", Method::put, of, "/rights",
                   {{"roles", std::move(roles)}, {"matters", boost::json::array()}, {"clearance", "normal"}});
    }
    /// As its owner would with the first password in his hand.
    void takes_own_password(const std::string& of) {
        REQUIRE(before_.database.transact([&](db::Session& session) -> Result<void> {
            const auto row = identity::store::find_account_by_name(session, of).value();
            identity::store::set_password(session, row.account_id, row.password_hash, kNoonMs, false);
            return {};
        }));
    }
    Result<void> check_ways_in() { return office_.identity().check_ways_in(); }

  private:
    World before_;
    Office office_;
    std::map<std::string, std::string> ids_;
    std::map<std::string, std::string> cookies_;
};

void on_both_emergencies(const std::function<void(Emergency&)>& body) {
    db::testing::on_each_database({"identity", "audit", "authz"}, [&](db::Database& database) {
        Emergency world(database);
        body(world);
    });
}

constexpr const char* kLast = "identity.last_emergency_account";

}  // namespace

TEST_CASE("an emergency account comes in by two proofs, which the audit log keeps; the other officers do not") {
    db::testing::on_each_database({"identity", "audit", "authz"}, [](db::Database& database) {
        World before(database);
        const auto id = before.first.create("boss", kAdministrator, {authz::Role::system_admin});
        before.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto secret = bind_app(before.first, "boss");
        before.clock.set(kNoonMs + crypto::kTotpStepMs);
        Office office(database, before.key_ring, before.clock, provider_only({"boss"}));
        CHECK(office.identity().check_ways_in());
        CHECK(office.sign_in("clerk").error().reason == "identity.provider_only");
        CHECK(office.sign_in("clerk", "wrong horse battery").error().reason == "identity.wrong_credentials");
        const auto first_step = Office::cookie_of(office.sign_in("boss").value());
        const auto code = crypto::totp_code(secret, crypto::totp_step(before.clock.now_ms()));
        const auto second_step =
            office.ask(Method::post, "/session/second-factor", {{"code", code}}, {.cookie = first_step});
        REQUIRE(second_step);
        CHECK(text_of(body_of(*second_step), "stage") == "full");
        const auto entries = office.audit().entries_of("account", id, std::nullopt, 100).value().entries;
        CHECK(std::ranges::count(entries, "identity.emergency_sign_in", &audit::Entry::act) == 1);
    });
}

TEST_CASE("the last emergency account is not blocked; with another one that is fit it may be") {
    on_both_emergencies([](Emergency& world) {
        CHECK(world.block("deputy").empty());
        CHECK(world.block("boss") == kLast);
        CHECK(world.act("keeper", Method::post, "deputy", "/unblocking", {}).empty());
        CHECK(world.block("boss").empty());
        CHECK(world.block("deputy") == kLast);
    });
}

TEST_CASE("the last emergency account keeps its roles, where it is and what it may do") {
    on_both_emergencies([](Emergency& world) {
        CHECK(world.grant("deputy", {}).empty());
        CHECK(world.grant("boss", {}) == kLast);
        CHECK(world.grant("boss", {"system_admin"}).empty());
        const auto place = [](const char* region) {
            object person{{"display_name", "李窗口"}, {"organisation_name", "示例局"}, {"post", "科员"}};
            if (region != nullptr) person["region_code"] = region;
            return person;
        };
        CHECK(world.act("keeper", Method::put, "boss", "", place("330106")) == kLast);
        CHECK(world.act("keeper", Method::put, "boss", "", place(nullptr)).empty());
    });
}

TEST_CASE("the last emergency account gets no first password, and its second factor stays") {
    on_both_emergencies([](Emergency& world) {
        const auto give = [&](const char* of) { return world.act("keeper", Method::post, of, "/password", {}); };
        const auto propose = [&](const char* of) {
            return world.act("keeper", Method::post, of, "/factor-resets", {{"reason", "手机丢失"}});
        };
        CHECK(give("deputy").empty());
        CHECK(give("boss") == kLast);
        CHECK(propose("boss") == kLast);
        world.takes_own_password("deputy");
        CHECK(world.check_ways_in());
        REQUIRE(propose("boss").empty());
        CHECK(world.block("deputy").empty());
        const auto shown = body_of(world.try_act("guard", Method::get, "boss", "", {}).value());
        const auto proposal_id = text_of(shown.at("proposals").as_array().at(0).as_object(), "proposal_id");
        const auto confirm = [&] {
            return world.act("guard", Method::post, "boss",
                             "/factor-resets/{proposal_id=" + proposal_id + "}/confirmation", {});
        };
        CHECK(confirm() == kLast);
        CHECK(world.act("keeper", Method::post, "deputy", "/unblocking", {}).empty());
        CHECK(confirm().empty());
        CHECK(world.block("deputy") == kLast);
    });
}

TEST_CASE("two emergency accounts that are blocked at the same moment leave one") {
    on_both_emergencies([](Emergency& world) {
        const auto block = [&](const char* of) {
            return
                [&world, of] { return world.try_act("keeper", Method::post, of, "/blocking", {{"reason", "离岗"}}); };
        };
        CHECK(at_once(block("boss"), block("deputy")) == std::vector<std::string>{"", kLast});
    });
}
