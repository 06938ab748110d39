// 回避 asks who is one human being, and who acts for whom, by whichever account and whenever it counts.
#include <doctest/doctest.h>

#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

namespace {

constexpr const char* kHeir = "91330105MA0DEM021F";
constexpr const char* kPhone = "13800001234";
constexpr auto kOfficer = authz::AccountKind::officer;

struct Case {
    std::string credit_code;
    std::string account_id;
    std::int64_t filed_at_ms = kNoonMs;
};

bool has_stake(World& world, const std::string& account_id, const Case& of) {
    const identity::CaseOwner owner{of.credit_code, {of.account_id}, of.filed_at_ms};
    const auto has = world.database.read([&](db::Session& session) {
        return identity::has_stake_in(session, world.first.identity(), {account_id}, owner);
    });
    REQUIRE(has);
    return *has;
}

void pass_rights(World& world, const std::string& predecessor, const std::string& successor) {
    REQUIRE(world.database.transact([&](db::Session& session) {
        session.execute(
            "INSERT INTO organisation_successions (predecessor_code, successor_code, reason, proposed_by, "
            "confirmed_by, "
            "at_ms) VALUES (?, ?, '合并', 'a', 'b', 1)",
            predecessor, successor);
    }));
}

void end_memberships(World& world, const std::string& account_id, std::int64_t at_ms) {
    REQUIRE(world.database.transact([&](db::Session& session) {
        session.execute("UPDATE memberships SET state = 'ended', ended_at_ms = ? WHERE account_id = ?", at_ms,
                        account_id);
    }));
}

}  // namespace

TEST_CASE("who applied by another account of his has a stake, and nobody else") {
    on_both([](World& world) {
        const auto leader =
            world.first.create("leader", kOfficer, {authz::Role::deciding_leader}, "330106", "", kPhone);
        const auto other = world.first.create("leader2", kOfficer, {authz::Role::deciding_leader}, "330106");
        const auto builder = world.first.create("builder", kAgent, {authz::Role::individual_owner}, "", "", kPhone);
        CHECK(has_stake(world, leader, {"", builder}));
        CHECK(has_stake(world, builder, {"", builder}));
        CHECK_FALSE(has_stake(world, other, {"", builder}));
        // Nothing is known of either: that makes no human being of two.
        const auto unknown = world.first.create("unknown", kAgent, {});
        CHECK_FALSE(has_stake(world, other, {"", unknown}));
        CHECK_FALSE(has_stake(world, other, {"", "01900000-0000-7000-8000-000000000000"}));
    });
}

TEST_CASE("who acts for the company by another account has a stake in all of its cases, as in its heir's") {
    on_both([](World& world) {
        const auto leader =
            world.first.create("leader", kOfficer, {authz::Role::deciding_leader}, "330106", "", kPhone);
        const auto other = world.first.create("leader2", kOfficer, {authz::Role::deciding_leader}, "330106");
        const auto agent = world.first.create("agent", kAgent, {}, "", kCodeOfOne, "13800005678");
        world.first.create("second", kAgent, {}, "", kHeir, kPhone);
        CHECK(has_stake(world, agent, {kCodeOfOne, agent}));
        CHECK_FALSE(has_stake(world, leader, {kCodeOfOne, agent}));
        CHECK(has_stake(world, leader, {kHeir, "01900000-0000-7000-8000-000000000000"}));
        CHECK_FALSE(has_stake(world, other, {kHeir, agent}));
        // What was filed for the one is the other's now.
        pass_rights(world, kCodeOfOne, kHeir);
        CHECK(has_stake(world, leader, {kCodeOfOne, agent}));
        CHECK_FALSE(has_stake(world, other, {kCodeOfOne, agent}));
    });
}

TEST_CASE("who acted for the company when it filed keeps out, and who had left before does not") {
    on_both([](World& world) {
        const auto leader =
            world.first.create("leader", kOfficer, {authz::Role::deciding_leader}, "330106", "", kPhone);
        const auto agent = world.first.create("agent", kAgent, {}, "", kCodeOfOne, "13800005678");
        const auto second = world.first.create("second", kAgent, {}, "", kCodeOfOne, kPhone);
        end_memberships(world, second, kNoonMs);
        CHECK(has_stake(world, leader, {kCodeOfOne, agent, kNoonMs - 1}));
        CHECK(has_stake(world, leader, {kCodeOfOne, agent, kNoonMs}));
        CHECK_FALSE(has_stake(world, leader, {kCodeOfOne, agent, kNoonMs + 1}));
    });
}

TEST_CASE("rights that pass in a circle end somewhere") {
    on_both([](World& world) {
        const auto agent = world.first.create("agent", kAgent, {}, "", kCodeOfOne);
        const auto other = world.first.create("leader2", kOfficer, {authz::Role::deciding_leader}, "330106");
        pass_rights(world, kCodeOfOne, kHeir);
        pass_rights(world, kHeir, kCodeOfOne);
        CHECK_FALSE(has_stake(world, other, {kCodeOfOne, agent}));
    });
}
