// What a lock tells, and whom it stops: by what was typed for all to see, by account in silence; on both databases.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "modules/identity/session_store.hpp"
#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

namespace {

constexpr const char* kLocked = "identity.too_many_attempts";
constexpr const char* kWrong = "identity.wrong_credentials";
/// What the right password of an emergency account without a factor hears: it was let through.
constexpr const char* kLetThrough = "identity.emergency_needs_factor";
constexpr const char* kHere = "10.0.0.1";
constexpr const char* kElsewhere = "10.0.0.2";

std::string reason_of(const Result<http::Reply>& reply) {
    return reply ? std::string() : reply.error().reason;
}

std::vector<std::string> guesses(Office& office, const std::string& typed, int times, const std::string& address) {
    std::vector<std::string> reasons;
    for (int i = 0; i < times; ++i) reasons.push_back(reason_of(office.sign_in(typed, "not the password", address)));
    return reasons;
}

/// Officers come in through the provider only, but for `root`.
identity::Policy with_emergency_account() {
    auto policy = identity::demo_policy();
    policy.staff_by_provider_only = true;
    policy.emergency_accounts = {"root"};
    return policy;
}

void with_emergency(const std::function<void(World&)>& body) {
    db::testing::on_each_database({"identity", "audit", "authz"}, [&](db::Database& database) {
        World world(database, with_emergency_account());
        world.first.create("root", kAdministrator, {authz::Role::system_admin}, "", "", "13800001111");
        world.first.create("clerk", kAdministrator, {}, "", "", "13800002222");
        body(world);
    });
}

}  // namespace

TEST_CASE("the phone of a name that is locked answers like a phone that nobody has") {
    on_both([](World& world) {
        world.first.create("zheng", kAgent, {}, "", "", "13800001234");
        guesses(world.first, "zheng", 5, kHere);
        REQUIRE(reason_of(world.first.sign_in("zheng")) == kLocked);
        const auto his = guesses(world.first, "13800001234", 4, kElsewhere);
        CHECK(his == guesses(world.first, "13900001234", 4, kElsewhere));
        CHECK(his == std::vector<std::string>(4, kWrong));
        // Nor is the right password an answer: whoever guesses goes on by the phone otherwise.
        CHECK(reason_of(world.first.sign_in("13800001234")) == kWrong);
        CHECK(reason_of(world.second.sign_in("13800001234")) == kLocked);
        world.clock.set(kNoonMs + world.policy.lock_ms + 1);
        CHECK(world.first.sign_in("13800001234"));
        CHECK(world.first.sign_in("zheng"));
    });
}

TEST_CASE("the name of a phone that is locked answers like a name that nobody has, and its account hears of it") {
    on_both([](World& world) {
        const auto id = world.first.create("zheng", kAgent, {}, "", "", "13800001234");
        guesses(world.first, "138 0000 1234", 5, kHere);
        world.clock.set(kNoonMs + 1);  // entries of one instant have no order
        CHECK(reason_of(world.first.sign_in("zheng")) == kWrong);
        CHECK(reason_of(world.first.sign_in("nobody")) == kWrong);
        const auto logged = world.database.read(
            [&](db::Session& session) { return identity::store::sign_ins(session, {.account_id = id, .limit = 1}); });
        CHECK(logged.value().front().outcome == "locked");
    });
}

TEST_CASE("one account has five guesses, however many of its names are typed") {
    on_both([](World& world) {
        world.first.create("zheng", kAgent, {}, "", "", "13800001234");
        guesses(world.first, "zheng", 3, kHere);
        guesses(world.second, "13800001234", 2, kHere);
        for (const auto* typed : {"zheng", "13800001234"}) CHECK(reason_of(world.first.sign_in(typed)) == kWrong);
        world.clock.set(kNoonMs + world.policy.lock_ms + 1);
        CHECK(world.first.sign_in("zheng"));
    });
}

TEST_CASE("guesses by phone do not stop who is in from being told so when he proves himself again") {
    on_both([](World& world) {
        world.first.create("zheng", kAgent, {}, "", "", "13800001234");
        const auto cookie = world.first.cookie("zheng");
        guesses(world.first, "13800001234", 5, kElsewhere);
        const auto tried =
            world.second.ask(Method::post, "/session/step-up", {{"password", kPassword}}, {.cookie = cookie});
        CHECK(reason_of(tried) == kLocked);
    });
}

TEST_CASE("an emergency account answers strangers like any other, from every network") {
    with_emergency([](World& world) {
        const auto seen = [&](const char* typed) {
            auto all = guesses(world.first, typed, 6, kHere);
            for (const auto& later :
                 {guesses(world.second, typed, 6, kElsewhere), guesses(world.first, typed, 1, kHere)})
                all.insert(all.end(), later.begin(), later.end());
            return all;
        };
        const auto of_root = seen("root");
        CHECK(of_root == seen("clerk"));
        CHECK(of_root == seen("nobody"));
        CHECK(std::ranges::count(of_root, kWrong) == 5);
        CHECK(std::ranges::count(of_root, kLocked) == 8);
        world.clock.set(kNoonMs + world.policy.lock_ms + 1);
        for (const auto* typed : {"root", "clerk", "nobody"}) {
            for (const auto* address : {kHere, kElsewhere}) {
                CHECK(guesses(world.first, typed, 1, address) == std::vector<std::string>{kWrong});
            }
        }
    });
}

TEST_CASE("strangers keep nobody with an emergency account out, and have five guesses at it from a network") {
    with_emergency([](World& world) {
        guesses(world.first, "root", 5, kHere);
        CHECK(reason_of(world.first.sign_in("root", kPassword, kHere)) == kLocked);
        CHECK(reason_of(world.first.sign_in("root", kPassword, kElsewhere)) == kLetThrough);
        // Its phone is another name of the same lock.
        CHECK(reason_of(world.first.sign_in("13800001111", kPassword, kHere)) == kWrong);
        CHECK(guesses(world.second, "root", 5, kElsewhere) == std::vector<std::string>(5, kLocked));
        CHECK(reason_of(world.first.sign_in("root", kPassword, kElsewhere)) == kLocked);
        CHECK(reason_of(world.first.sign_in("root", kPassword, "10.0.0.3")) == kLetThrough);
    });
}

TEST_CASE("the security administrator sees and lifts every lock of an account, by name, phone and network") {
    with_emergency([](World& world) {
        Office open(world.database, world.key_ring, world.clock, identity::demo_policy());
        open.create("security", kAdministrator, {authz::Role::security_admin});
        const auto cookie = open.cookie("security");
        const auto id = text_of(body_of(open.ask(Method::get, "/session", {}, {.cookie = open.cookie("root")}).value())
                                    .at("account")
                                    .as_object(),
                                "account_id");
        const auto shown = [&] {
            return body_of(
                open.ask(Method::get, "/admin/accounts/{account_id=" + id + "}", {}, {.cookie = cookie}).value());
        };
        CHECK(shown().at("locked_until_ms").is_null());
        guesses(world.first, "root", 5, kHere);
        guesses(world.first, "13800001111", 5, kElsewhere);
        CHECK(shown().at("locked_until_ms") == kNoonMs + world.policy.lock_ms);
        const auto lifted = open.ask(Method::post, "/admin/accounts/{account_id=" + id + "}/unlocking", {},
                                     {.cookie = cookie, .version = shown().at("version").as_int64()});
        REQUIRE(lifted);
        CHECK(body_of(*lifted).at("locked_until_ms").is_null());
        for (const auto* typed : {"root", "13800001111"}) {
            for (const auto* address : {kHere, kElsewhere}) {
                CHECK(reason_of(world.first.sign_in(typed, kPassword, address)) == kLetThrough);
            }
        }
    });
}

TEST_CASE("a name that was locked before anybody had it is seen and lifted too") {
    on_both([](World& world) {
        guesses(world.first, "zheng", 5, kHere);
        const auto id = world.first.create("zheng", kAgent, {}, "", "", "13800001234");
        world.first.create("security", kAdministrator, {authz::Role::security_admin});
        const auto cookie = world.first.cookie("security");
        const auto path = "/admin/accounts/{account_id=" + id + "}";
        const auto shown = body_of(world.first.ask(Method::get, path, {}, {.cookie = cookie}).value());
        CHECK(shown.at("locked_until_ms") == kNoonMs + world.policy.lock_ms);
        REQUIRE(world.first.ask(Method::post, path + "/unlocking", {},
                                {.cookie = cookie, .version = shown.at("version").as_int64()}));
        CHECK(world.first.sign_in("zheng"));
    });
}

TEST_CASE("a right password begins the count anew") {
    on_both([](World& world) {
        world.first.create("zheng", kAgent, {}, "", "", "13800001234");
        for (int round = 0; round < 3; ++round) {
            guesses(world.first, "zheng", 2, kHere);
            guesses(world.first, "13800001234", 2, kElsewhere);
            CHECK(world.second.sign_in("zheng"));
        }
    });
}

TEST_CASE("a change of the data key lifts no lock, and a lock of before it can be lifted") {
    db::testing::on_each_database({"identity", "audit", "authz"}, [](db::Database& database) {
        FixedClock clock{kNoonMs};
        const auto text = crypto::new_key_ring_text();
        auto ring = crypto::KeyRing::load(text).value();
        Office office(database, ring, clock, identity::demo_policy());
        office.create("security", kAdministrator, {authz::Role::security_admin});
        const auto id = office.create("zheng", kAgent, {}, "", "", "13800001234");
        for (const auto* typed : {"zheng", "nobody"}) guesses(office, typed, 5, kHere);

        REQUIRE(ring.replace(crypto::with_new_key(text).value()));
        REQUIRE(ring.seal_with(ring.wanted()));
        for (const auto* typed : {"zheng", "nobody"}) CHECK(reason_of(office.sign_in(typed)) == kLocked);
        CHECK(reason_of(office.sign_in("13800001234")) == kWrong);

        const auto cookie = office.cookie("security");
        const auto path = "/admin/accounts/{account_id=" + id + "}";
        const auto shown = body_of(office.ask(Method::get, path, {}, {.cookie = cookie}).value());
        CHECK(shown.at("locked_until_ms") == kNoonMs + identity::demo_policy().lock_ms);
        REQUIRE(office.ask(Method::post, path + "/unlocking", {},
                           {.cookie = cookie, .version = shown.at("version").as_int64()}));
        for (const auto* typed : {"zheng", "13800001234"}) CHECK(office.sign_in(typed));
    });
}
