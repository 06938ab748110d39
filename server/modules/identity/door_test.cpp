// What only shows when two do it at once, when time passes, or with a second process: on both databases.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <thread>

#include "authz/two_person.hpp"
#include "modules/identity/organisation_store.hpp"
#include "modules/identity/session_store.hpp"
#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

TEST_CASE("a session ends when it was idle for too long, and at its last hour however busy it is") {
    on_both([](World& world) {
        world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto lives = [&](const std::string& cookie) {
            return world.second.identity().authenticate({.cookie = cookie}).has_value();
        };
        const auto idle = world.first.cookie("clerk");
        const auto busy = world.first.cookie("clerk");
        world.clock.set(kNoonMs + world.policy.idle_ms - identity::kMinuteMs);
        CHECK(lives(busy));
        world.clock.set(kNoonMs + world.policy.idle_ms + identity::kMinuteMs);
        CHECK(lives(busy));
        CHECK_FALSE(lives(idle));
        for (auto at = kNoonMs + world.policy.idle_ms; at < kNoonMs + world.policy.absolute_ms;
             at += world.policy.idle_ms / 2) {
            world.clock.set(at);
            CHECK(lives(busy));
        }
        world.clock.set(kNoonMs + world.policy.absolute_ms + 1);
        CHECK_FALSE(lives(busy));
    });
}

TEST_CASE("a page that asks by itself looks at a session and keeps none alive") {
    on_both([](World& world) {
        world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto cookie = world.first.cookie("clerk");
        const auto lives = [&](bool background) {
            return world.first.identity().authenticate({.cookie = cookie, .background = background}).has_value();
        };
        for (auto at = kNoonMs; at < kNoonMs + world.policy.idle_ms; at += world.policy.idle_ms / 5) {
            world.clock.set(at);
            CHECK(lives(true));
        }
        world.clock.set(kNoonMs + world.policy.idle_ms + 1);
        CHECK_FALSE(lives(true));
        CHECK_FALSE(lives(false));
    });
}

TEST_CASE("two accounts with one telephone do not make two persons") {
    on_both([](World& world) {
        using authz::Role;
        const auto create = [&](const std::string& name, Role role, const std::string& phone) {
            world.first.create(name, kAdministrator, {role}, "", "", phone);
        };
        create("keeper", Role::system_admin, "13800001111");
        create("keeper.two", Role::security_admin, "13800001111");
        create("guard.two", Role::security_admin, "");
        const auto clerk = world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto act = [&](const std::string& who, const std::string& rest, const object& body) {
            const auto version = world.first.identity().find_account({clerk})->version;
            return world.first.ask(Method::post, "/admin/accounts/{account_id=" + clerk + "}/factor-resets" + rest,
                                   body, {.cookie = world.first.cookie(who), .version = version});
        };
        REQUIRE(act("keeper", "", {{"reason", "手机丢失"}}));
        const auto proposal = world.database
                                  .read([&](db::Session& session) {
                                      return authz::two_person::of_subject(session, "account", clerk).front();
                                  })
                                  .value();
        const auto confirmed_by = [&](const std::string& who) {
            const auto reply = act(who, "/{proposal_id=" + proposal.proposal_id + "}/confirmation", {});
            return reply ? "" : reply.error().reason;
        };
        CHECK(confirmed_by("keeper.two") == "authz.second_person_needed");
        CHECK(confirmed_by("guard.two").empty());
    });
}

TEST_CASE("with the shortest time a session may be idle, who goes on working stays") {
    db::testing::on_each_database({"identity", "audit", "authz"}, [](db::Database& database) {
        auto policy = identity::demo_policy();
        policy.idle_ms = identity::kMinuteMs;
        World world(database, policy);
        world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto cookie = world.first.cookie("clerk");
        for (int i = 1; i <= 10; ++i) {
            world.clock.set(kNoonMs + i * 40'000);
            CHECK(world.first.identity().authenticate({.cookie = cookie}));
        }
    });
}

TEST_CASE("failures at two processes lock one name, for thirty minutes, whatever the address") {
    on_both([](World& world) {
        world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        for (const auto* name : {"clerk", "nobody", "没有这个人"}) {
            for (int i = 0; i < 5; ++i) {
                auto& office = i % 2 == 0 ? world.first : world.second;
                CHECK(office.sign_in(name, "wrong", fmt::format("10.0.0.{}", i)).error().reason ==
                      "identity.wrong_credentials");
            }
            CHECK(world.second.sign_in(name, kPassword).error().reason == "identity.too_many_attempts");
        }
        world.clock.set(kNoonMs + world.policy.lock_ms + 1);
        CHECK(world.first.sign_in("clerk"));
        CHECK(world.second.sign_in("clerk", "wrong").error().reason == "identity.wrong_credentials");
    });
}

TEST_CASE("failures at the same time each count") {
    on_both([](World& world) {
        world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        std::vector<std::thread> guessers;
        for (int i = 0; i < 5; ++i) {
            guessers.emplace_back([&world, i] {
                const auto tried = (i % 2 == 0 ? world.first : world.second).sign_in("clerk", "wrong");
                CHECK(tried.error().reason == "identity.wrong_credentials");
            });
        }
        for (auto& guesser : guessers) guesser.join();
        CHECK(world.first.sign_in("clerk").error().reason == "identity.too_many_attempts");
    });
}

TEST_CASE("who is locked and goes on is stopped at his address") {
    on_both([](World& world) {
        for (int i = 0; i < 60; ++i) CHECK_FALSE(world.first.sign_in("nobody", "wrong"));
        world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        CHECK(world.first.sign_in("clerk").error().reason == "identity.too_many_attempts");
        CHECK(world.first.sign_in("clerk", kPassword, "10.0.0.2"));
    });
}

TEST_CASE("one code is good once, also when two use it at once") {
    on_both([](World& world) {
        const auto begun = world.first.ask(Method::post, "/registrations/codes", {{"phone", "13800001234"}}, {});
        const auto challenge = text_of(body_of(begun.value()), "challenge_id");
        const auto code = world.first.secret_of_newest_message();
        const auto use = [&](Office& office, const char* name) {
            return office.ask(Method::post, "/registrations",
                              {{"challenge_id", challenge},
                               {"code", code},
                               {"account_name", name},
                               {"display_name", "郑经办"},
                               {"password", "Bridge-of-Xihu-2027"}},
                              {});
        };
        const auto reasons =
            at_once([&] { return use(world.first, "zheng"); }, [&] { return use(world.second, "wang"); });
        CHECK(reasons == std::vector<std::string>{"", "identity.code_wrong"});
        CHECK(use(world.first, "third").error().reason == "identity.code_wrong");
        const auto odd = world.first.ask(Method::post, "/registrations",
                                         {{"challenge_id", "不是编号"},
                                          {"code", "123456"},
                                          {"account_name", "fourth"},
                                          {"display_name", "郑经办"},
                                          {"password", "Bridge-of-Xihu-2027"}},
                                         {});
        CHECK(odd.error().reason == "identity.code_wrong");
    });
}

TEST_CASE("one phone becomes one account, whatever codes were sent to it before") {
    on_both([](World& world) {
        std::vector<std::pair<std::string, std::string>> sent;
        for (int i = 0; i < 2; ++i) {
            world.clock.set(kNoonMs + i);
            const auto begun = world.first.ask(Method::post, "/registrations/codes", {{"phone", "13800001234"}}, {});
            sent.emplace_back(text_of(body_of(begun.value()), "challenge_id"), world.first.secret_of_newest_message());
        }
        std::vector<std::string> reasons;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const auto made = world.first.ask(Method::post, "/registrations",
                                              {{"challenge_id", sent[i].first},
                                               {"code", sent[i].second},
                                               {"account_name", fmt::format("zheng{}", i)},
                                               {"display_name", "郑经办"},
                                               {"password", "Bridge-of-Xihu-2027"}},
                                              {});
            reasons.push_back(made ? "" : made.error().reason);
        }
        CHECK(reasons == std::vector<std::string>{"", "identity.phone_taken"});
    });
}

TEST_CASE("an invitation makes one member, also when two accept at once") {
    on_both([](World& world) {
        world.first.create("owner", kAgent, {authz::Role::owner_agent}, "", kCodeOfOne);
        world.first.create("one", kAgent, {});
        world.first.create("other", kAgent, {});
        const auto owner = world.first.cookie("owner");
        const auto mine = body_of(world.first.ask(Method::get, "/organisations", {}, {.cookie = owner}).value());
        const auto id = text_of(mine.at("organisations").at(0).as_object(), "organisation_id");
        const object wanted{{"phone", "13800001234"}, {"duty", "agent"}, {"authority_reference", "委托书一号"}};
        REQUIRE(world.first.ask(Method::post, "/organisations/{organisation_id=" + id + "}/invitations", wanted,
                                {.cookie = owner}));
        const object token{{"token", world.first.secret_of_newest_message()}};
        const auto accept = [&](Office& office, const std::string& cookie) {
            return office.ask(Method::post, "/invitations/acceptance", token, {.cookie = cookie});
        };
        const auto one = world.first.cookie("one");
        const auto other = world.second.cookie("other");
        const auto reasons =
            at_once([&] { return accept(world.first, one); }, [&] { return accept(world.second, other); });
        CHECK(reasons == std::vector<std::string>{"", "identity.invitation_void"});
        const auto members = world.database.read(
            [&](db::Session& session) { return identity::store::members_of(session, id, 10).size(); });
        CHECK(members.value() == 2);
    });
}

TEST_CASE("two invitations into one organisation, accepted by one person at once, make one membership") {
    on_both([](World& world) {
        world.first.create("owner", kAgent, {authz::Role::owner_agent}, "", kCodeOfOne);
        world.first.create("one", kAgent, {});
        const auto owner = world.first.cookie("owner");
        const auto mine = body_of(world.first.ask(Method::get, "/organisations", {}, {.cookie = owner}).value());
        const auto id = text_of(mine.at("organisations").at(0).as_object(), "organisation_id");
        std::vector<std::string> tokens;
        for (const auto* phone : {"13800001234", "13800001235"}) {
            world.clock.set(world.clock.now_ms() + 1);
            const object wanted{{"phone", phone}, {"duty", "agent"}, {"authority_reference", "委托书一号"}};
            REQUIRE(world.first.ask(Method::post, "/organisations/{organisation_id=" + id + "}/invitations", wanted,
                                    {.cookie = owner}));
            tokens.push_back(world.first.secret_of_newest_message());
        }
        const auto cookie = world.first.cookie("one");
        const auto accept = [&](Office& office, const std::string& token) {
            return office.ask(Method::post, "/invitations/acceptance", {{"token", token}}, {.cookie = cookie});
        };
        const auto reasons =
            at_once([&] { return accept(world.first, tokens[0]); }, [&] { return accept(world.second, tokens[1]); });
        CHECK(reasons == std::vector<std::string>{"", "identity.member_already"});
    });
}

TEST_CASE("two administrators of an organisation who remove each other at once leave one") {
    on_both([](World& world) {
        world.first.create("owner", kAgent, {authz::Role::owner_agent}, "", kCodeOfOne);
        world.clock.set(kNoonMs + 1);
        world.first.create("second", kAgent, {authz::Role::owner_agent}, "", kCodeOfOne);
        const std::map<std::string, std::string> cookies{{"owner", world.first.cookie("owner")},
                                                         {"second", world.second.cookie("second")}};
        const auto mine =
            body_of(world.first.ask(Method::get, "/organisations", {}, {.cookie = cookies.at("owner")}).value());
        const auto id = text_of(mine.at("organisations").at(0).as_object(), "organisation_id");
        const auto path = "/organisations/{organisation_id=" + id + "}";
        const auto shown = body_of(world.first.ask(Method::get, path, {}, {.cookie = cookies.at("owner")}).value());
        std::map<std::string, std::string> memberships;
        for (const auto& member : shown.at("members").as_array()) {
            memberships[text_of(member.as_object(), "account_name")] = text_of(member.as_object(), "membership_id");
        }
        const auto remove = [&](Office& office, const std::string& by, const std::string& whom) {
            return office.ask(Method::post, path + "/members/{membership_id=" + memberships.at(whom) + "}/removal",
                              {{"reason", "不再委托"}}, {.cookie = cookies.at(by)});
        };
        const auto reasons = at_once([&] { return remove(world.first, "owner", "second"); },
                                     [&] { return remove(world.second, "second", "owner"); });
        CHECK(reasons.front().empty());
        CHECK_FALSE(reasons.back().empty());
        const auto left = world.database.read(
            [&](db::Session& session) { return identity::store::members_of(session, id, 10).size(); });
        CHECK(left.value() == 1);
    });
}

TEST_CASE("two administrators of the system who block each other at once leave one") {
    on_both([](World& world) {
        const std::map<std::string, std::string> ids{
            {"one", world.first.create("admin_one", kAdministrator, {authz::Role::system_admin})},
            {"other", world.first.create("admin_other", kAdministrator, {authz::Role::system_admin})}};
        const auto one = world.first.cookie("admin_one");
        const auto other = world.second.cookie("admin_other");
        const auto block = [&](Office& office, const std::string& cookie, const std::string& whom) {
            return office.ask(Method::post, "/admin/accounts/{account_id=" + ids.at(whom) + "}/blocking",
                              {{"reason", "调离"}}, {.cookie = cookie, .version = 1});
        };
        const auto reasons = at_once([&] { return block(world.first, one, "other"); },
                                     [&] { return block(world.second, other, "one"); });
        CHECK(reasons.front().empty());
        CHECK((reasons.back() == "identity.last_administrator" || reasons.back() == "identity.signed_out"));
    });
}

TEST_CASE("a password that was looked at before it was changed opens nothing") {
    on_both([](World& world) {
        const auto id = world.first.create("clerk", authz::AccountKind::officer, {}, "330106");
        const auto cookie = world.first.cookie("clerk");
        const object wanted{{"password", kPassword}, {"new_password", "Bridge-of-Xihu-2027"}};
        const auto reasons =
            at_once([&] { return world.first.ask(Method::put, "/account/password", wanted, {.cookie = cookie}); },
                    [&] { return world.second.sign_in("clerk"); });
        // Whichever was first: afterwards no session lives that the old password opened.
        const std::vector<std::string> fit{"", "identity.wrong_credentials", "identity.signed_out"};
        CHECK(std::ranges::find(fit, reasons.back()) != fit.end());
        const auto left = world.database.read(
            [&](db::Session& session) { return identity::store::sessions_of(session, id, 10).size(); });
        CHECK(left.value() == 1);
        CHECK_FALSE(world.first.sign_in("clerk"));
    });
}

TEST_CASE("the list of people: every filter, by pages, within the area of who asks; odd values are refused or empty") {
    on_both([](World& world) {
        world.first.create("root", kAdministrator, {authz::Role::system_admin});
        world.first.create("county", kAdministrator, {authz::Role::system_admin}, "330106");
        world.first.create("city", kAdministrator, {authz::Role::system_admin}, "330100");
        world.first.create("agent", kAgent, {});
        world.first.create("clerk", authz::AccountKind::officer,
                           {authz::Role::window_clerk, authz::Role::acceptance_officer}, "330106");
        world.first.create("clerk_away", authz::AccountKind::officer, {authz::Role::window_clerk}, "330205");
        const auto names = [&](const std::string& by, std::vector<std::pair<std::string, std::string>> query) {
            const auto cookie = world.first.cookie(by);
            std::vector<std::string> all;
            for (std::string cursor;;) {
                auto page = query;
                page.emplace_back("limit", "1");
                if (!cursor.empty()) std::erase_if(page, [](const auto& one) { return one.first == "cursor"; });
                if (!cursor.empty()) page.emplace_back("cursor", cursor);
                const auto reply =
                    world.first.ask(Method::get, "/admin/accounts", {}, {.cookie = cookie, .query = page});
                if (!reply) return std::vector<std::string>{reply.error().fields.front().field};
                const auto body = body_of(*reply);
                for (const auto& one : body.at("accounts").as_array()) {
                    all.push_back(text_of(one.as_object(), "account_name"));
                }
                if (body.at("next_cursor").is_null()) return all;
                cursor = text_of(body, "next_cursor");
            }
        };
        using Names = std::vector<std::string>;
        CHECK(names("root", {}) == Names{"agent", "root", "city", "clerk", "county", "clerk_away"});
        CHECK(names("county", {}) == Names{"clerk", "county"});
        CHECK(names("city", {}) == Names{"city", "clerk", "county"});
        CHECK(names("root", {{"kind", "officer"}}) == Names{"clerk", "clerk_away"});
        CHECK(names("root", {{"role", "acceptance_officer"}}) == Names{"clerk"});
        CHECK(names("root", {{"role", "window_clerk"}, {"query", "CLERK_"}}) == Names{"clerk_away"});
        CHECK(names("root", {{"state", "blocked"}}).empty());
        CHECK(names("root", {{"query", "李"}}).empty());
        CHECK(names("county", {{"cursor", "000000/"}}) == Names{"clerk", "county"});
        CHECK(names("county", {{"cursor", "330205/a"}}).empty());
        for (const auto* name : {"kind", "state", "role", "cursor"})
            CHECK(names("root", {{name, "没有"}}) == Names{name});
        const auto root = world.first.cookie("root");
        for (const auto* id : {"没有", "no-id", "01900000-0000-7000-8000-000000000000"}) {
            const auto path = std::string("/admin/accounts/{account_id=") + id + "}";
            CHECK(world.first.ask(Method::get, path, {}, {.cookie = root}).error().reason == "identity.not_found");
        }
    });
}
