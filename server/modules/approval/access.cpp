#include "modules/approval/access.hpp"

#include <algorithm>
#include <array>

#include "modules/approval/approval.hpp"
#include "modules/approval/consultation_access.hpp"
#include "modules/approval/oversight_access.hpp"
#include "modules/approval/paper_mark_access.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using authz::Scope;

constexpr std::array kGrants{
    authz::Grant{Role::owner_agent, "approval.read", Scope::company},
    authz::Grant{Role::individual_owner, "approval.read", Scope::own},
    authz::Grant{Role::supervisor, "approval.read", Scope::region},
    authz::Grant{Role::window_clerk, "approval.read", Scope::region},
    authz::Grant{Role::acceptance_officer, "approval.read", Scope::region},
    authz::Grant{Role::reviewer, "approval.read", Scope::department},
    authz::Grant{Role::section_head, "approval.read", Scope::region},
    authz::Grant{Role::deciding_leader, "approval.read", Scope::region},
    authz::Grant{Role::certificate_officer, "approval.read", Scope::region},
    authz::Grant{Role::audit_admin, "approval.read", Scope::whole},
    authz::Grant{Role::audit_admin, "approval.read", Scope::region},
    authz::Grant{Role::acceptance_officer, kWork, Scope::region},
    authz::Grant{Role::reviewer, kWork, Scope::region},
    authz::Grant{Role::section_head, kWork, Scope::region},
    authz::Grant{Role::deciding_leader, kWork, Scope::region},
    authz::Grant{Role::certificate_officer, kWork, Scope::region},
    authz::Grant{Role::section_head, kRepair, Scope::region},
    authz::Grant{Role::section_head, kHoldCase, Scope::region},
    authz::Grant{Role::deciding_leader, kHoldCase, Scope::region},
    authz::Grant{Role::deciding_leader, kExtend, Scope::region},
    authz::Grant{Role::section_head, kAssign, Scope::department},
    authz::Grant{Role::deciding_leader, kAssign, Scope::region},
    authz::Grant{Role::acceptance_officer, kNameDeputy, Scope::own},
    authz::Grant{Role::reviewer, kNameDeputy, Scope::own},
    authz::Grant{Role::certificate_officer, kNameDeputy, Scope::own},
    authz::Grant{Role::section_head, kNameDeputy, Scope::own},
    authz::Grant{Role::section_head, kNameDeputy, Scope::department},
    authz::Grant{Role::deciding_leader, kNameDeputy, Scope::region},
    authz::Grant{Role::acceptance_officer, kCopy, Scope::region},
    authz::Grant{Role::reviewer, kCopy, Scope::region},
    authz::Grant{Role::section_head, kCopy, Scope::region},
    authz::Grant{Role::deciding_leader, kCopy, Scope::region},
    authz::Grant{Role::certificate_officer, kCopy, Scope::region},
    authz::Grant{Role::window_clerk, kReceiveCopies, Scope::own},
    authz::Grant{Role::acceptance_officer, kReceiveCopies, Scope::own},
    authz::Grant{Role::reviewer, kReceiveCopies, Scope::own},
    authz::Grant{Role::section_head, kReceiveCopies, Scope::own},
    authz::Grant{Role::deciding_leader, kReceiveCopies, Scope::own},
    authz::Grant{Role::certificate_officer, kReceiveCopies, Scope::own},
    authz::Grant{Role::acceptance_officer, kEnterPaperAct, Scope::own},
    authz::Grant{Role::reviewer, kEnterPaperAct, Scope::own},
    authz::Grant{Role::certificate_officer, kEnterPaperAct, Scope::own},
    authz::Grant{Role::deciding_leader, kEnterPaperAct, Scope::own},
    authz::Grant{Role::window_clerk, kEnterPaperAct, Scope::department},
    authz::Grant{Role::section_head, kEnterPaperAct, Scope::department},
    authz::Grant{Role::acceptance_officer, kUrge, Scope::region},
    authz::Grant{Role::section_head, kUrge, Scope::region},
    authz::Grant{Role::deciding_leader, kUrge, Scope::region},
    authz::Grant{Role::acceptance_officer, kMarkPapers, Scope::region},
    authz::Grant{Role::reviewer, kMarkPapers, Scope::department},
    authz::Grant{Role::section_head, kMarkPapers, Scope::region},
    authz::Grant{Role::deciding_leader, kMarkPapers, Scope::region},
    authz::Grant{Role::owner_agent, kAnswerMarks, Scope::company},
    authz::Grant{Role::individual_owner, kAnswerMarks, Scope::own},
    authz::Grant{Role::section_head, kOversee, Scope::department},
    authz::Grant{Role::deciding_leader, kOversee, Scope::region},
    authz::Grant{Role::section_head, kExpedite, Scope::department},
    authz::Grant{Role::deciding_leader, kExpedite, Scope::region},
    authz::Grant{Role::section_head, kSelfCheck, Scope::region},
    authz::Grant{Role::deciding_leader, kSelfCheck, Scope::region},
    authz::Grant{Role::supervisor, kOversee, Scope::region},
    authz::Grant{Role::supervisor, kExpedite, Scope::region},
    authz::Grant{Role::supervisor, kSelfCheck, Scope::region},
    authz::Grant{Role::reviewer, kConsultOutside, Scope::department},
    authz::Grant{Role::section_head, kConsultOutside, Scope::department},
    authz::Grant{Role::section_head, kRestrict, Scope::region},
    authz::Grant{Role::deciding_leader, kRestrict, Scope::region},
};

/// A word that nobody knows keeps the case from everybody without clearance.
authz::Confidentiality confidentiality_of(const std::string& text) {
    return authz::parse_confidentiality(text).value_or(authz::Confidentiality::restricted);
}

}  // namespace

std::span<const authz::Grant> permissions() {
    return kGrants;
}

authz::Resource resource_of(const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items) {
    authz::Resource resource{{procedure.applicant_account_id},
                             procedure.owner_credit_code,
                             {},
                             procedure.region_code,
                             procedure.matter_code,
                             confidentiality_of(procedure.confidentiality)};
    for (const auto& item : items) {
        if (item.state != "not_applicable") resource.departments.push_back(item.department);
    }
    return resource;
}

authz::Resource resource_of(const store::TaskRow& task) {
    return {
        {}, "", {department_of(task)}, task.region_code, task.matter_code, confidentiality_of(task.confidentiality)};
}

authz::Resource near_to(const authz::Actor& actor, std::string department) {
    return {{}, "", {std::move(department)}, actor.region_code, actor.matters.empty() ? "" : actor.matters.front()};
}

Result<void> may_read_case(const authz::Permissions& permissions, const authz::Actor& actor,
                           const std::optional<store::ProcedureRow>& procedure,
                           const std::vector<store::ItemRow>& items) {
    if (!procedure) return permissions.authorise(actor, "approval.read", std::nullopt);
    return permissions.authorise(actor, "approval.read", resource_of(*procedure, items));
}

std::vector<std::string> groups_of(const authz::Actor& actor) {
    std::vector<std::string> groups;
    groups.reserve(actor.roles.size());
    for (const auto role : actor.roles) groups.push_back(actor.department + ":" + std::string(to_string(role)));
    return groups;
}

std::string department_of(const store::TaskRow& task) {
    return task.candidate_group.substr(0, task.candidate_group.find(':'));
}

Result<void> may_assign(const authz::Permissions& permissions, const authz::Actor& actor, const store::TaskRow& task) {
    return permissions.authorise(actor, kAssign, resource_of(task));
}

Result<void> may_urge(const authz::Permissions& permissions, const authz::Actor& actor, const store::TaskRow& task) {
    return permissions.authorise(actor, kUrge, resource_of(task));
}

Result<void> may_enter_paper_act(const authz::Permissions& permissions, const authz::Actor& actor,
                                 const store::TaskRow& task, const authz::AccountId& done_by) {
    auto resource = resource_of(task);
    resource.account_id = done_by;
    return permissions.authorise(actor, kEnterPaperAct, resource);
}

Result<void> may_work_on(const authz::Permissions& permissions, const authz::Actor& actor, const store::TaskRow& task) {
    KAIGONG_CHECK(permissions.authorise(actor, kWork, resource_of(task)));
    const auto groups = groups_of(actor);
    const bool in_group = std::ranges::find(groups, task.candidate_group) != groups.end();
    if (!in_group) {
        return error(Errc::forbidden, "approval.not_your_task",
                     "这个任务由其他部门或岗位办理，您可以查看案件，但不能办理这一步。");
    }
    return {};
}

}  // namespace kaigong::approval
