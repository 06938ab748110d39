// 转办 and 指派: the task changes hands for good; whose it was stays in the record.
#include "modules/approval/access.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {
namespace {

Result<void> hand_over(db::Session& session, const authz::Permissions& permissions, const Officer& officer,
                       const OnTask& on, TaskWork& loaded, const Handover& handover, const char* act) {
    auto& task = loaded.task;
    if (handover.reason.empty()) {
        return invalid_field("reason", "approval.reason_missing", "请写明理由，再提交。");
    }
    KAIGONG_CHECK(must_be_undecided(task));
    const auto tasks = store::tasks_of(session, on.application_id);
    KAIGONG_CHECK(may_take_over(
        permissions, handover.to,
        {task, tasks, loaded.signers, store::acts_of(session, on.application_id), loaded.work.applicant()}));
    std::optional<Performer> from;
    if (task.assignee_id) from = Performer{*task.assignee_id, task.assignee_name.value_or("")};
    const auto to = performer_of(handover.to);
    task.assignee_id = to.account_id;
    task.assignee_name = to.name;
    if (loaded.signers.question_of(task.task_id) != nullptr) {
        task.candidate_group = groups_of(handover.to.actor).front();
    }
    KAIGONG_CHECK(save_seen(session, task, on));
    record_act(session, task, officer, on, {.act = act, .reason = handover.reason, .from = from, .to = to});
    return {};
}

}  // namespace

Result<void> transfer_task(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const Handover& handover) {
    KAIGONG_TRY(loaded, load_held_task(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(hand_over(session, permissions, officer, on, loaded, handover, "transfer"));
    loaded.work.note("task_transferred", loaded.task.name + "转办给" + handover.to.name, handover.reason, false);
    loaded.work.audit("approval.transfer_task", loaded.task.name + "转办给：" + handover.to.name);
    return loaded.work.save();
}

Result<void> assign_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnTask& on, const Handover& handover) {
    KAIGONG_TRY(loaded, load_task_to_assign(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(hand_over(session, permissions, officer, on, loaded, handover, "assign"));
    loaded.work.note("task_assigned", loaded.task.name + "指派给" + handover.to.name, handover.reason, false);
    loaded.work.audit("approval.assign_task", loaded.task.name + "指派给：" + handover.to.name);
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
