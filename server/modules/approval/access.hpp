// Who may see a case and who may work on a task; the same answer for pages, lists and papers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "authz/permissions.hpp"
#include "modules/approval/store.hpp"

namespace kaigong::approval {

/// Works on the tasks of one's group.
inline constexpr std::string_view kWork = "approval.work";
/// Tries again what stopped with an incident; nobody may decide that way.
inline constexpr std::string_view kRepair = "approval.repair";

/// Gives a task to one of the people who may do it, whoever holds it (指派).
inline constexpr std::string_view kAssign = "approval.assign";

/// Asks who holds a task to go on with it (催办).
inline constexpr std::string_view kUrge = "approval.urge";

/// Stops a case for a legal reason, and lets it go on (挂起, 恢复).
inline constexpr std::string_view kHoldCase = "approval.hold";

/// Gives the authority more time (行政许可法 42: 本行政机关负责人批准).
inline constexpr std::string_view kExtend = "approval.extend";

/// Names who stands in for an officer who is away (代理).
inline constexpr std::string_view kNameDeputy = "approval.name_deputy";

/// Gives a case to colleagues to read (抄送).
inline constexpr std::string_view kCopy = "approval.copy";
/// Has a list of what he was given.
inline constexpr std::string_view kReceiveCopies = "approval.receive_copies";

/// Enters what was decided on paper: his own act, or a colleague's of his department (补录).
inline constexpr std::string_view kEnterPaperAct = "approval.enter_paper_act";

/// Keeps a case from who is not cleared for it, and asks for that to end (限制知悉).
inline constexpr std::string_view kRestrict = "approval.restrict";

/// What a case is to the table of permissions.
authz::Resource resource_of(const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items);

authz::Resource resource_of(const store::TaskRow& task);
/// Something of a department in his own region, of a kind of case that he works on: whether he reaches anything there.
authz::Resource near_to(const authz::Actor& actor, std::string department);

/// Fails with approval.not_found for what is missing or somebody else's.
Result<void> may_read_case(const authz::Permissions& permissions, const authz::Actor& actor,
                           const std::optional<store::ProcedureRow>& procedure,
                           const std::vector<store::ItemRow>& items);

/// Leads the department of the task, or the authority. Fails with approval.not_found, authz.….
Result<void> may_assign(const authz::Permissions& permissions, const authz::Actor& actor, const store::TaskRow& task);

Result<void> may_urge(const authz::Permissions& permissions, const authz::Actor& actor, const store::TaskRow& task);

/// Whether anybody's act on paper may be entered by this officer, or that of `account_id`. Fails with
/// approval.not_found, authz.….
Result<void> may_enter_paper_act(const authz::Permissions& permissions, const authz::Actor& actor,
                                 const store::TaskRow& task, const authz::AccountId& done_by);

/// Of whom it is to do it.
std::string department_of(const store::TaskRow& task);

/// `department:role` for each role of the officer.
std::vector<std::string> groups_of(const authz::Actor& actor);

/// His group and his region. Fails with approval.not_found (not his to see) or approval.not_your_task.
Result<void> may_work_on(const authz::Permissions& permissions, const authz::Actor& actor, const store::TaskRow& task);

}  // namespace kaigong::approval
