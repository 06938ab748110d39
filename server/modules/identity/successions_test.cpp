// Rights that pass from one organisation to another: never in a circle, and never more than a list has room for.
#include <doctest/doctest.h>

#include <set>

#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

namespace {

constexpr std::size_t kPredecessors = 50;
/// Two meet in time often, not always.
constexpr int kRounds = 6;

std::string code_of(char letter, int round) {
    return fmt::format("9133010{}MA0DEM{:04}", letter, round);
}

/// Two administrators, and a verified organisation of each code.
struct Desk {
    Desk(World& of, const std::set<std::string>& codes) : world(of) {
        world.first.create("keeper", kAdministrator, {authz::Role::system_admin});
        world.first.create("guard", kAdministrator, {authz::Role::security_admin});
        int number = 0;
        for (const auto& code : codes) world.first.create(fmt::format("agent{}", number++), kAgent, {}, "", code);
        keeper = world.first.cookie("keeper");
        guard = world.first.cookie("guard");
    }

    Result<http::Reply> propose(const std::string& predecessor, const std::string& successor) {
        return world.first.ask(
            Method::post, "/admin/successions",
            {{"predecessor_code", predecessor}, {"successor_code", successor}, {"reason", "吸收合并"}},
            {.cookie = keeper});
    }
    std::string proposed(const std::string& predecessor, const std::string& successor) {
        const auto reply = propose(predecessor, successor);
        REQUIRE(reply);
        return std::string(body_of(*reply).at("proposal_id").as_string());
    }
    Result<http::Reply> confirm(Office& office, const std::string& proposal_id) const {
        return office.ask(Method::post, "/admin/successions/{proposal_id=" + proposal_id + "}/confirmation", {},
                          {.cookie = guard});
    }
    /// What the two said that confirmed at the same time, at two processes.
    std::vector<std::string> both(const std::string& one, const std::string& other) {
        return at_once([&] { return confirm(world.first, one); }, [&] { return confirm(world.second, other); });
    }

    World& world;
    std::string keeper;
    std::string guard;
};

void pass_rights(World& world, const std::string& predecessor, const std::string& successor) {
    REQUIRE(world.database.transact([&](db::Session& session) {
        session.execute(
            "INSERT INTO organisation_successions (predecessor_code, successor_code, reason, proposed_by, "
            "confirmed_by, "
            "at_ms) VALUES (?, ?, '合并', 'a', 'b', 1)",
            predecessor, successor);
    }));
}

const std::vector<std::string> kOneOfThem{"", "identity.succession_circular"};

}  // namespace

TEST_CASE("two that pass their rights to each other at once do not close a circle") {
    on_both([](World& world) {
        std::set<std::string> codes;
        for (int i = 0; i < kRounds; ++i) codes.merge(std::set{code_of('1', i), code_of('2', i)});
        Desk desk(world, codes);
        for (int i = 0; i < kRounds; ++i) {
            const auto there = desk.proposed(code_of('1', i), code_of('2', i));
            const auto back = desk.proposed(code_of('2', i), code_of('1', i));
            CHECK(desk.both(there, back) == kOneOfThem);
        }
    });
}

TEST_CASE("two that close a circle through others at once do not either") {
    on_both([](World& world) {
        std::set<std::string> codes;
        for (int i = 0; i < kRounds; ++i) {
            for (const char letter : {'1', '2', '3', '4'}) codes.insert(code_of(letter, i));
        }
        Desk desk(world, codes);
        for (int i = 0; i < kRounds; ++i) {
            pass_rights(world, code_of('2', i), code_of('3', i));
            pass_rights(world, code_of('4', i), code_of('1', i));
            const auto one = desk.proposed(code_of('1', i), code_of('2', i));
            const auto other = desk.proposed(code_of('3', i), code_of('4', i));
            CHECK(desk.both(one, other) == kOneOfThem);
        }
    });
}

TEST_CASE("an organisation takes over so many others as its lists have room for, and no more") {
    on_both([](World& world) {
        const auto heir = code_of('1', 0), last = code_of('2', 0), one_more = code_of('3', 0),
                   of_heir = code_of('4', 0);
        Desk desk(world, {heir, last, one_more, of_heir});
        for (std::size_t i = 1; i < kPredecessors; ++i) pass_rights(world, code_of('5', static_cast<int>(i)), heir);
        CHECK(desk.confirm(world.first, desk.proposed(last, heir)));
        const auto refused = desk.propose(one_more, heir);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "identity.too_many_predecessors");
        // Whoever would get them with all of theirs has no room either.
        CHECK(desk.propose(heir, of_heir).error().reason == "identity.too_many_predecessors");
    });
}

TEST_CASE("more predecessors than there is room for, from before there was a limit, are cut and break no list") {
    on_both([](World& world) {
        const auto heir = code_of('1', 0);
        const auto agent = world.first.create("agent", kAgent, {}, "", heir);
        for (int i = 0; i < 70; ++i) pass_rights(world, code_of('5', i), heir);
        const auto account = world.first.identity().find_account({agent});
        REQUIRE(account);
        CHECK(account->predecessor_codes.size() == kPredecessors);
    });
}
