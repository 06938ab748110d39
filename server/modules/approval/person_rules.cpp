#include "modules/approval/person_rules.hpp"

#include <algorithm>

#include "modules/approval/access.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval {
namespace {

Error not_suitable(const operations::Officer& person, std::string_view why) {
    return invalid_field("to", "approval.person_not_suitable", person.name + std::string(why));
}

Result<void> must_work_in_region(const authz::Permissions& permissions, const operations::Officer& person,
                                 const store::TaskRow& task) {
    if (!permissions.may(person.actor, kWork)) return not_suitable(person, "不办理审批任务，请另选他人。");
    if (!authz::region_contains(person.actor.region_code, task.region_code)) {
        return not_suitable(person, "不在本案所在的地区工作，请另选他人。");
    }
    if (!permissions.authorise(person.actor, kWork, resource_of(task))) {
        return not_suitable(person, "不办理这类事项，或本案限制知悉而他没有获准，请另选他人。");
    }
    return {};
}

Result<void> must_not_be_excluded_himself(const operations::Officer& person, const store::TaskRow& task,
                                          const TaskOfCase& one) {
    const auto free = must_not_be_excluded(person, task, {one.tasks, one.acts, one.applicant});
    if (free) return {};
    return not_suitable(person, free.error().reason == "authz.excluded_own_case"
                                    ? "与本案申请人有关系，需要回避，请另选他人。"
                                    : "在本案中办理过其他环节，受理、审查、复核、决定须由不同的人办理，请另选他人。");
}

Result<void> must_not_hold(const operations::Officer& person, const store::TaskRow& task) {
    if (task.assignee_id != person.actor.account_id.text) return {};
    return not_suitable(person, "正在办理这个任务，请另选他人。");
}

}  // namespace

Result<void> may_be_asked(const authz::Permissions& permissions, const operations::Officer& person,
                          const TaskOfCase& one, std::string_view relation) {
    KAIGONG_CHECK(must_work_in_region(permissions, person, one.task));
    KAIGONG_CHECK(must_not_hold(person, one.task));
    const auto pending = one.signers.pending_of(one.task.task_id);
    const auto is_asked = [&](const auto& signer) { return signer.task.assignee_id == person.actor.account_id.text; };
    if (std::ranges::any_of(pending, is_asked)) {
        return invalid_field("to", "approval.signer_twice", "已经在征求" + person.name + "的意见，不用再加一次。");
    }
    auto duty = one.task;
    if (relation == kDelegate) duty.kind = to_string(authz::Duty::check);  // gives an opinion, decides nothing
    return must_not_be_excluded_himself(person, duty, one);
}

Result<void> may_take_over(const authz::Permissions& permissions, const operations::Officer& person,
                           const TaskOfCase& one) {
    KAIGONG_CHECK(must_not_hold(person, one.task));
    return may_do(permissions, person, one);
}

Result<void> may_do(const authz::Permissions& permissions, const operations::Officer& person, const TaskOfCase& one) {
    KAIGONG_CHECK(must_work_in_region(permissions, person, one.task));
    const bool is_signers = one.signers.question_of(one.task.task_id) != nullptr;
    if (!is_signers && !may_work_on(permissions, person.actor, one.task)) {
        return not_suitable(person, "不在办理这一步的部门或岗位，请另选他人。");
    }
    return must_not_be_excluded_himself(person, one.task, one);
}

}  // namespace kaigong::approval
