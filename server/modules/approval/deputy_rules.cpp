#include "modules/approval/deputy_rules.hpp"

#include <algorithm>
#include <array>

#include "modules/approval/access.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;

struct StandIn {
    Role role;
    std::array<Role, 3> by;
};

/// A decision is not lent below the section head; a recheck may be, since whoever reviewed is excluded from it.
constexpr std::array kStandIns{
    StandIn{Role::acceptance_officer, {Role::acceptance_officer, Role::section_head, Role::deciding_leader}},
    StandIn{Role::reviewer, {Role::reviewer, Role::section_head, Role::section_head}},
    StandIn{Role::section_head, {Role::section_head, Role::deciding_leader, Role::reviewer}},
    StandIn{Role::deciding_leader, {Role::deciding_leader, Role::section_head, Role::section_head}},
    StandIn{Role::certificate_officer, {Role::certificate_officer, Role::acceptance_officer, Role::section_head}},
};

bool may_do_role(const operations::Officer& deputy, Role role) {
    const auto found = std::ranges::find(kStandIns, role, &StandIn::role);
    if (found == kStandIns.end()) return true;  // works on no tasks
    return std::ranges::any_of(found->by, [&](Role one) { return deputy.actor.has(one); });
}

Error not_suitable(const operations::Officer& person, std::string_view why) {
    return invalid_field("deputy", "approval.deputy_not_suitable", person.name + std::string(why));
}

operations::Officer in_place_of(const operations::Officer& officer, const operations::Absent& absent) {
    auto acting = officer;
    acting.name = absent.deputy_called + "（代" + absent.called + "）";
    acting.instead_of = absent;
    return acting;
}

}  // namespace

bool is_in_force(const store::DeputyshipRow& row, std::int64_t at_ms) {
    return row.from_at_ms <= at_ms && at_ms < row.until_at_ms && (!row.ended_at_ms || at_ms < *row.ended_at_ms);
}

Result<void> may_stand_in(const operations::Officer& deputy, const operations::Officer& absent) {
    if (deputy.actor.account_id == absent.actor.account_id) return not_suitable(deputy, "不能代理自己，请另选他人。");
    if (deputy.actor.department != absent.actor.department || deputy.actor.region_code != absent.actor.region_code) {
        return not_suitable(deputy, "不在同一部门、同一地区，不能代理，请另选他人。");
    }
    const bool has_roles =
        std::ranges::all_of(absent.actor.roles, [&](Role role) { return may_do_role(deputy, role); });
    if (!has_roles) return not_suitable(deputy, "没有代理这个岗位所需的岗位，请另选他人。");
    return {};
}

operations::Officer acting_on(const authz::Permissions& permissions, const operations::Officer& officer,
                              const std::vector<operations::Absent>& absent, const store::TaskRow& task) {
    const auto may_do = [&](const authz::Actor& actor) {
        return may_work_on(permissions, actor, task) && must_be_free_or_held_by(task, actor.account_id.text);
    };
    if (may_do(officer.actor)) return officer;
    const auto found = std::ranges::find_if(absent, [&](const auto& one) { return may_do(one.actor); });
    return found == absent.end() ? officer : in_place_of(officer, *found);
}

operations::Officer conducting(const authz::Permissions& permissions, const operations::Officer& officer,
                               const std::vector<operations::Absent>& absent, const operations::ItemOfCase& one) {
    const bool as_himself = operations::judges(permissions, officer.actor, one) ||
                            operations::may_lead(permissions, officer.actor, one).has_value();
    if (as_himself) return officer;
    const auto found = std::ranges::find_if(
        absent, [&](const auto& away) { return operations::judges(permissions, away.actor, one); });
    return found == absent.end() ? officer : in_place_of(officer, *found);
}

}  // namespace kaigong::approval
