// 代理: spans, suitability, and in whose place an officer acts.
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/list_scopes.hpp"

#include <doctest/doctest.h>

#include "base/civil_date.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/approval.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Absent;
using operations::Officer;
using testing::Office;
using testing::reason_of;

store::DeputyshipRow span(const char* from_on, const char* through_on) {
    store::DeputyshipRow row;
    row.from_at_ms = office_midnight_ms(*parse_date(from_on));
    row.until_at_ms = office_midnight_ms(add_days(*parse_date(through_on), 1));
    return row;
}

Absent absent(const Officer& who) {
    return {who.actor, who.name + "（住建）", who.name, "d", "李四"};
}

store::TaskRow task_of(Role role, const std::optional<Officer>& holder = {}) {
    store::TaskRow task;
    task.candidate_group = "housing:" + std::string(to_string(role));
    task.region_code = "330106";
    task.state = "open";
    if (holder) task.assignee_id = holder->actor.account_id.text;
    return task;
}

}  // namespace

TEST_CASE("a deputy's span holds its first instant and the last of its last day, and not the next midnight") {
    const auto row = span("2026-12-30", "2027-01-02");
    const auto after = office_midnight_ms(*parse_date("2027-01-03"));
    CHECK_FALSE(is_in_force(row, row.from_at_ms - 1));
    CHECK(is_in_force(row, row.from_at_ms));
    CHECK(is_in_force(row, after - 1'000));
    CHECK(is_in_force(row, after - 1));
    CHECK_FALSE(is_in_force(row, after));
    auto ended = row;
    ended.ended_at_ms = row.from_at_ms + 5;
    CHECK(is_in_force(ended, row.from_at_ms + 4));
    CHECK_FALSE(is_in_force(ended, row.from_at_ms + 5));
}

TEST_CASE("the tables know the same edges of a span as the rule, on both databases") {
    testing::on_each([](Office& office) {
        auto row = span("2026-11-23", "2026-11-24");
        row.deputyship_id = "01900000-0000-7000-8000-0000000000d1";
        row.absent_id = Office::officer(Role::reviewer, 1).actor.account_id.text;
        row.deputy_id = Office::officer(Role::reviewer, 2).actor.account_id.text;
        row.department = "housing";
        row.region_code = "330106";
        office.act([&](db::Session& session) {
            store::insert_deputyship(session, row);
            return Result<void>();
        });
        const auto found_at = [&](std::int64_t at_ms) {
            return office.database
                .read([&](db::Session& session) { return store::in_force_for(session, row.deputy_id, at_ms).size(); })
                .value();
        };
        for (const auto at_ms :
             {row.from_at_ms - 1, row.from_at_ms, row.until_at_ms - 1'000, row.until_at_ms - 1, row.until_at_ms}) {
            CHECK(found_at(at_ms) == (is_in_force(row, at_ms) ? 1U : 0U));
        }
        const auto listed = [&](Role role, const char* region, const char* department) {
            auto who = Office::officer(role, 9).actor;
            who.region_code = region;
            who.department = department;
            const auto scope = scope_of(office.permissions, who, kNameDeputy, kScopeOfDeputyships);
            return office.database
                .read([&](db::Session& session) { return store::deputyships_in(session, scope, 10).size(); })
                .value();
        };
        CHECK(listed(Role::section_head, "330106", "housing") == 1);
        CHECK(listed(Role::deciding_leader, "330100", "fire") == 1);
        CHECK(listed(Role::section_head, "330105", "housing") == 0);
        CHECK(listed(Role::section_head, "330106", "fire") == 0);
        CHECK(listed(Role::reviewer, "330106", "housing") == 0);
    });
}

TEST_CASE("a deputy is another officer of the same department and region with a role that may stand in") {
    const auto away = Office::officer(Role::reviewer, 1);
    const auto unlike = [](auto change) {
        auto other = Office::officer(Role::reviewer, 2);
        change(other.actor);
        return other;
    };
    CHECK(may_stand_in(Office::officer(Role::reviewer, 2), away));
    CHECK(may_stand_in(Office::officer(Role::section_head, 2), away));
    CHECK(reason_of(may_stand_in(away, away)) == "approval.deputy_not_suitable");
    CHECK_FALSE(may_stand_in(unlike([](auto& actor) { actor.department = "fire"; }), away));
    CHECK_FALSE(may_stand_in(unlike([](auto& actor) { actor.region_code = "330105"; }), away));
    CHECK_FALSE(may_stand_in(unlike([](auto& actor) { actor.roles = {Role::window_clerk}; }), away));
    CHECK_FALSE(may_stand_in(unlike([](auto& actor) { actor.roles = {}; }), away));
    CHECK_FALSE(may_stand_in(Office::officer(Role::reviewer, 2), Office::officer(Role::deciding_leader, 1)));
    CHECK(may_stand_in(Office::officer(Role::reviewer, 2), Office::officer(Role::section_head, 1)));
}

TEST_CASE("an officer acts as himself where he may, and as an absent officer only on what is that one's") {
    authz::Permissions permissions;
    permissions.add(approval::permissions());
    const auto deputy = Office::officer(Role::reviewer, 2);
    const auto away = Office::officer(Role::section_head, 1);
    const auto other = Office::officer(Role::section_head, 3);
    const std::vector<Absent> list{absent(away)};
    const auto whose = [&](const store::TaskRow& task) {
        const auto acting = acting_on(permissions, deputy, list, task);
        return acting.instead_of ? acting.instead_of->called : std::string("himself");
    };
    CHECK(whose(task_of(Role::reviewer)) == "himself");
    CHECK(whose(task_of(Role::reviewer, deputy)) == "himself");
    CHECK(whose(task_of(Role::section_head)) == away.name);
    CHECK(whose(task_of(Role::section_head, away)) == away.name);
    CHECK(whose(task_of(Role::section_head, other)) == "himself");
    CHECK(whose(task_of(Role::deciding_leader)) == "himself");
    CHECK(acting_on(permissions, deputy, list, task_of(Role::section_head)).name == "李四（代" + away.name + "）");
    // Of the same group: what the absent officer holds is done in his place, what nobody holds is the deputy's own.
    const auto colleague = Office::officer(Role::reviewer, 4);
    const std::vector<Absent> same{absent(colleague)};
    CHECK(acting_on(permissions, deputy, same, task_of(Role::reviewer, colleague)).instead_of.has_value());
    CHECK_FALSE(acting_on(permissions, deputy, same, task_of(Role::reviewer)).instead_of.has_value());
}

TEST_CASE(
    "an officer conducts an item as himself where he judges it or leads, else for an absent judge, never to lead") {
    authz::Permissions permissions;
    permissions.add(approval::permissions());
    const auto judge = Office::officer(Role::reviewer, 1);
    const auto deputy = Office::officer(Role::reviewer, 2);
    const auto head = Office::officer(Role::section_head, 3);
    store::ItemRow item;
    item.item = "planning";
    item.department = "housing";
    auto review = task_of(Role::reviewer, judge);
    review.item = item.item;
    review.kind = "review";
    store::ProcedureRow procedure;
    procedure.region_code = "330106";
    const auto conducts = [&](const Officer& who, const Officer& away, const std::vector<store::TaskRow>& tasks) {
        return conducting(permissions, who, {absent(away)}, {item, tasks, procedure}).instead_of.has_value();
    };
    CHECK(conducts(deputy, judge, {review}));
    CHECK_FALSE(conducts(judge, deputy, {review}));
    CHECK_FALSE(conducts(head, judge, {review}));
    CHECK_FALSE(conducts(deputy, head, {review}));
    // Nobody has claimed it.
    CHECK_FALSE(conducts(deputy, judge, {task_of(Role::reviewer)}));
    CHECK_FALSE(conducts(deputy, judge, {}));
}

}  // namespace kaigong::approval
