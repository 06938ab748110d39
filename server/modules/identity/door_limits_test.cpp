// What is over after some time, and how often one person may have messages sent: on both databases.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "modules/identity/session_store.hpp"
#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

TEST_CASE("a first password is over after three days, and only who knows it hears so") {
    on_both([](World& world) {
        world.first.create("root", kAdministrator, {authz::Role::system_admin});
        const object wanted{{"account_name", "newcomer"},
                            {"kind", "administrator"},
                            {"display_name", "李窗口"},
                            {"organisation_name", "示例局"}};
        const auto made =
            world.first.ask(Method::post, "/admin/accounts", wanted, {.cookie = world.first.cookie("root")});
        REQUIRE(made);
        const auto id = text_of(body_of(*made), "account_id");
        const auto password = text_of(body_of(*made), "initial_password");
        const auto lasts_ms = world.policy.first_password_ms;
        CHECK(lasts_ms == 72 * identity::kHourMs);

        world.clock.set(kNoonMs + lasts_ms);
        const auto in_time = world.second.sign_in("newcomer", password);
        REQUIRE(in_time);
        CHECK(text_of(body_of(*in_time), "stage") == "password_change");

        world.clock.set(kNoonMs + lasts_ms + 1);
        CHECK(world.second.sign_in("newcomer", password).error().reason == "identity.first_password_over");
        CHECK(world.second.sign_in("newcomer", "another-Bridge-2027").error().reason == "identity.wrong_credentials");
        const auto logged = world.database.read(
            [&](db::Session& session) { return identity::store::sign_ins(session, {.account_id = id, .limit = 3}); });
        CHECK(std::ranges::count(*logged, "first_password_over", &identity::store::SignInRow::outcome) == 1);

        const auto root = world.first.cookie("root");
        const auto given = world.first.ask(Method::post, "/admin/accounts/{account_id=" + id + "}/password", {},
                                           {.cookie = root, .version = 1});
        REQUIRE(given);
        CHECK(world.second.sign_in("newcomer", text_of(body_of(*given), "initial_password")));
    });
}

TEST_CASE("who changed his first password in time goes on with his own") {
    on_both([](World& world) {
        world.first.create("root", kAdministrator, {authz::Role::system_admin});
        const object wanted{{"account_name", "newcomer"},
                            {"kind", "administrator"},
                            {"display_name", "李窗口"},
                            {"organisation_name", "示例局"}};
        const auto made =
            world.first.ask(Method::post, "/admin/accounts", wanted, {.cookie = world.first.cookie("root")});
        REQUIRE(made);
        const auto password = text_of(body_of(*made), "initial_password");
        const auto first = world.first.sign_in("newcomer", password);
        REQUIRE(first);
        REQUIRE(world.first.ask(Method::put, "/account/password",
                                {{"password", password}, {"new_password", "Bridge-of-Xihu-2027"}},
                                {.cookie = Office::cookie_of(*first)}));
        world.clock.set(kNoonMs + world.policy.first_password_ms + 1);
        CHECK(world.second.sign_in("newcomer", "Bridge-of-Xihu-2027"));
    });
}

namespace {

class Gateway final : public identity::MessageSink {
  public:
    bool works = true;
    Result<void> send(const identity::OutgoingMessage&) override {
        if (works) return {};
        return error(Errc::unavailable, "app.gateway_down", "短信平台没有回应。");
    }
};

std::map<std::string, std::int64_t> messages_by_state(db::Database& database) {
    std::map<std::string, std::int64_t> counts;
    for (const char* state : {"waiting", "sending", "sent", "failed", "shown"}) {
        const auto count = database.read([&](db::Session& session) {
            return session.row<std::int64_t>("SELECT count(*) FROM messages_out WHERE state = ?", state);
        });
        if (count.value() > 0) counts[state] = *count;
    }
    return counts;
}

}  // namespace

TEST_CASE("a message goes ninety days after it was sent or given up, and not before") {
    on_both([](World& world) {
        using Counts = std::map<std::string, std::int64_t>;
        Gateway gateway;
        Office office(world.database, world.key_ring, world.clock, world.policy, &gateway);
        const auto ask_code = [&](Office& by, const char* phone) {
            REQUIRE(by.ask(Method::post, "/registrations/codes", {{"phone", phone}}, {}));
        };
        const auto round_at = [&](std::int64_t at_ms) {
            world.clock.set(at_ms);
            office.identity().make_round(at_ms);
        };
        ask_code(world.first, "13800001111");
        ask_code(office, "13800002222");
        round_at(kNoonMs);
        CHECK(messages_by_state(world.database) == Counts{{"sent", 1}, {"shown", 1}});

        gateway.works = false;
        ask_code(office, "13800003333");
        std::int64_t now_ms = kNoonMs;
        for (int i = 0; i < 8; ++i) round_at(now_ms += 2 * identity::kHourMs);
        CHECK(messages_by_state(world.database) == Counts{{"failed", 1}, {"sent", 1}, {"shown", 1}});

        const auto kept_ms = world.policy.messages_kept_ms;
        CHECK(kept_ms == 90 * identity::kDayMs);
        round_at(kNoonMs + kept_ms);
        CHECK(messages_by_state(world.database) == Counts{{"failed", 1}, {"sent", 1}, {"shown", 1}});
        round_at(kNoonMs + kept_ms + identity::kHourMs);
        CHECK(messages_by_state(world.database) == Counts{{"failed", 1}});
        round_at(now_ms + kept_ms);
        CHECK(messages_by_state(world.database) == Counts{{"failed", 1}});
        round_at(now_ms + kept_ms + identity::kHourMs);
        CHECK(messages_by_state(world.database).empty());
    });
}

TEST_CASE("one account asks for ten codes and no more, to however many phones") {
    on_both([](World& world) {
        world.first.create("one", kAgent, {});
        const auto cookie = world.first.cookie("one");
        const auto ask = [&](int i) {
            return world.first.ask(Method::post, "/account/contacts", {{"phone", fmt::format("138000010{:02}", i)}},
                                   {.cookie = cookie, .address = fmt::format("10.0.1.{}", i)});
        };
        for (int i = 0; i < 10; ++i) CHECK(ask(i));
        const auto refused = ask(10);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "identity.too_many_codes");
        CHECK(refused.error().code == Errc::rate_limited);
    });
}

TEST_CASE("one phone is invited five times an hour, whoever invites; a stranger uses nothing of it up") {
    on_both([](World& world) {
        world.first.create("owner", kAgent, {authz::Role::owner_agent}, "", kCodeOfOne);
        world.first.create("stranger", kAgent, {});
        const auto owner = world.first.cookie("owner");
        const auto stranger = world.first.cookie("stranger");
        const auto mine = body_of(world.first.ask(Method::get, "/organisations", {}, {.cookie = owner}).value());
        const auto id = text_of(mine.at("organisations").at(0).as_object(), "organisation_id");
        const auto invite = [&](const std::string& cookie, const std::string& phone) {
            const auto sent = world.first.ask(Method::post, "/organisations/{organisation_id=" + id + "}/invitations",
                                              {{"phone", phone}, {"duty", "agent"}, {"authority_reference", "委托书"}},
                                              {.cookie = cookie});
            return sent ? std::string() : sent.error().reason;
        };
        for (int i = 0; i < 6; ++i) CHECK(invite(stranger, "13800001234") == "identity.not_found");
        for (int i = 0; i < 5; ++i) CHECK(invite(owner, "13800001234").empty());
        CHECK(invite(owner, "138 0000 1234") == "identity.invited_too_often");
        for (int i = 0; i < 24; ++i) CHECK(invite(owner, fmt::format("138000020{:02}", i)).empty());
        CHECK(invite(owner, "13800003333") == "identity.invited_too_often");
    });
}
