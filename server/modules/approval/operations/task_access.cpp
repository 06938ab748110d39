#include "modules/approval/operations/task_access.hpp"

#include "modules/approval/access.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {

Result<store::TaskRow> load_task_for(db::Session& session, const authz::Permissions& permissions,
                                     const Officer& officer, const std::string& task_id) {
    KAIGONG_CHECK(permissions.require(officer.actor, "approval.work"));
    auto task = store::find_task(session, task_id);
    if (!task) return error(Errc::not_found, "approval.not_found", "没有找到这个任务，请从待办列表重新进入。");
    KAIGONG_CHECK(may_work_on(permissions, officer.actor, *task));
    return std::move(*task);
}

Result<store::TaskRow> load_task_to_do(db::Session& session, const authz::Permissions& permissions,
                                       const Officer& officer, CaseWork& work, const std::string& task_id) {
    KAIGONG_TRY(task, load_task_for(session, permissions, officer, task_id));
    KAIGONG_CHECK(must_be_open(task));
    KAIGONG_CHECK(must_be_free_or_held_by(task, officer.actor.account_id.text));
    KAIGONG_CHECK(must_not_be_excluded(officer.actor, task, store::tasks_of(session, task.application_id),
                                       work.procedure().owner_credit_code));
    return task;
}

void end_task(store::TaskRow& task, const Officer& officer, std::string outcome, std::string outcome_label,
              std::string opinion, std::int64_t now_ms) {
    task.state = "completed";
    task.assignee_id = officer.actor.account_id.text;
    task.assignee_name = officer.name;
    task.actor_id = officer.actor.account_id.text;
    task.actor_name = officer.name;
    task.outcome = std::move(outcome);
    task.outcome_label = std::move(outcome_label);
    task.opinion = std::move(opinion);
    task.completed_at_ms = now_ms;
}

}  // namespace kaigong::approval::operations
