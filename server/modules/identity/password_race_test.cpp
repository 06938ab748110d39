// A new password that is under way when something else happens to the account: on both databases.
#include <doctest/doctest.h>

#include <functional>

#include "modules/identity/session_store.hpp"
#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

namespace {

/// Stands still; at one of the times that it is looked at, something happens.
class Interrupting final : public Clock {
  public:
    std::int64_t now_ms() const override {
        looks += 1;
        if (happens && looks == at_look) std::exchange(happens, nullptr)();
        return kNoonMs;
    }
    void set(std::int64_t look, std::function<void()> what) {
        looks = 0;
        at_look = look;
        happens = std::move(what);
    }
    mutable std::int64_t looks = 0;

  private:
    std::int64_t at_look = 0;
    mutable std::function<void()> happens;
};

struct Interrupted {
    explicit Interrupted(World& world)
        : slow(world.database, world.key_ring, world.clock, world.policy, nullptr, &clock), root([&] {
              world.second.create("root", kAdministrator, {authz::Role::system_admin});
              return world.second.cookie("root");
          }()) {}

    Interrupting clock;
    Office slow;
    std::string root;
};

constexpr const char* kNew = "Bridge-of-Xihu-2027";

}  // namespace

TEST_CASE("a password that an administrator gives wins over a change that is under way") {
    on_both([](World& world) {
        Interrupted on(world);
        const auto id = world.second.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto cookie = on.slow.cookie("clerk");
        const auto change = [&](const std::string& wanted) {
            return on.slow.ask(Method::put, "/account/password", {{"password", kPassword}, {"new_password", wanted}},
                               {.cookie = cookie});
        };
        on.clock.set(0, nullptr);
        CHECK(change("weak").error().reason == "identity.password_weak");
        // The next look is when the new one is hashed and nothing is written yet.
        const auto look = on.clock.looks + 1;
        std::string given;
        on.clock.set(look, [&] {
            const auto reply = world.second.ask(Method::post, "/admin/accounts/{account_id=" + id + "}/password", {},
                                                {.cookie = on.root, .version = 1});
            REQUIRE(reply);
            given = text_of(body_of(*reply), "initial_password");
        });
        const auto changed = change(kNew);
        REQUIRE_FALSE(given.empty());
        CHECK_FALSE(changed);
        if (!changed) CHECK(changed.error().reason == "identity.password_changed_meanwhile");
        CHECK(world.second.sign_in("clerk", given));
        CHECK_FALSE(world.second.sign_in("clerk", kNew));
    });
}

TEST_CASE("a change of the password that is under way when its session is ended changes nothing") {
    on_both([](World& world) {
        Interrupted on(world);
        const auto id = world.second.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto cookie = on.slow.cookie("clerk");
        const auto change = [&](const std::string& wanted) {
            return on.slow.ask(Method::put, "/account/password", {{"password", kPassword}, {"new_password", wanted}},
                               {.cookie = cookie});
        };
        on.clock.set(0, nullptr);
        CHECK_FALSE(change("weak"));
        on.clock.set(on.clock.looks + 1, [&] {
            const auto owner = world.second.cookie("clerk");
            REQUIRE(world.second.ask(Method::del, "/account/sessions", {}, {.cookie = owner}));
        });
        const auto changed = change(kNew);
        CHECK_FALSE(changed);
        if (!changed) CHECK(changed.error().reason == "identity.signed_out");
        CHECK(world.second.sign_in("clerk"));
    });
}

TEST_CASE("a password is not set anew by the phone for an account that is blocked meanwhile") {
    on_both([](World& world) {
        Interrupted on(world);
        const auto id = world.second.create("zheng", kAgent, {authz::Role::public_user}, "", "", "13800001234");
        const auto begun =
            on.slow.ask(Method::post, "/password-resets/codes", {{"account", "zheng"}, {"phone", "13800001234"}}, {});
        REQUIRE(begun);
        const auto code = on.slow.secret_of_newest_message();
        on.clock.set(1, [&] {
            REQUIRE(world.second.ask(Method::post, "/admin/accounts/{account_id=" + id + "}/blocking",
                                     {{"reason", "冒用"}}, {.cookie = on.root, .version = 1}));
        });
        const auto set = on.slow.ask(
            Method::post, "/password-resets",
            {{"challenge_id", text_of(body_of(*begun), "challenge_id")}, {"code", code}, {"new_password", kNew}}, {});
        CHECK_FALSE(set);
        if (!set) CHECK(set.error().reason == "identity.password_changed_meanwhile");
        CHECK(world.second.sign_in("zheng", kNew).error().reason == "identity.wrong_credentials");
        CHECK(world.second.sign_in("zheng").error().reason == "identity.account_blocked");
    });
}
