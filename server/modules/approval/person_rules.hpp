// Whom a task may be given to, and who may be asked about it: the same answer for the act and for the list of people.
#pragma once

#include <string>
#include <string_view>

#include "authz/exclusion.hpp"
#include "authz/permissions.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/signers.hpp"

namespace kaigong::approval {

/// A task of one case, with what decides about people.
struct TaskOfCase {
    const store::TaskRow& task;
    const std::vector<store::TaskRow>& tasks;
    const Signers& signers;
    const std::vector<store::ActRow>& acts;
    authz::Applicant applicant;
};

/// Of the people of the task, and not excluded from it; whoever holds it. Fails with approval.person_not_suitable.
Result<void> may_do(const authz::Permissions& permissions, const operations::Officer& person, const TaskOfCase& one);

/// 转办, 指派. Fails with approval.person_not_suitable: not of the group, of another region, holds it already, excluded
/// (回避).
Result<void> may_take_over(const authz::Permissions& permissions, const operations::Officer& person,
                           const TaskOfCase& one);

/// 加签, 委派: any officer of the region. Fails as may_take_over does, and with approval.signer_twice.
Result<void> may_be_asked(const authz::Permissions& permissions, const operations::Officer& person,
                          const TaskOfCase& one, std::string_view relation);

}  // namespace kaigong::approval
