#include "modules/approval/access.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {

Result<void> claim_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                        const Officer& officer, const std::string& application_id, const std::string& task_id,
                        std::int64_t version, std::int64_t now_ms) {
    KAIGONG_TRY(
        work, open_case(session, surroundings, application_id, {officer.actor.account_id.text, officer.name}, now_ms));
    KAIGONG_TRY(task, load_task_to_do(session, permissions, officer, work, task_id));
    task.version = version;
    task.assignee_id = officer.actor.account_id.text;
    task.assignee_name = officer.name;
    KAIGONG_CHECK(store::save_task(session, task));
    work.audit("approval.claim_task", "领取任务：" + task.name);
    return {};
}

Result<void> release_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                          const Officer& officer, const std::string& application_id, const std::string& task_id,
                          std::int64_t version, std::int64_t now_ms) {
    KAIGONG_TRY(
        work, open_case(session, surroundings, application_id, {officer.actor.account_id.text, officer.name}, now_ms));
    KAIGONG_TRY(task, load_task_for(session, permissions, officer, task_id));
    KAIGONG_CHECK(must_be_open(task));
    if (task.assignee_id != officer.actor.account_id.text) {
        return error(Errc::conflict, "approval.task_not_yours", "这个任务不在您名下，不需要释放。请刷新待办列表。");
    }
    task.version = version;
    task.assignee_id.reset();
    task.assignee_name.reset();
    KAIGONG_CHECK(store::save_task(session, task));
    work.audit("approval.release_task", "释放任务：" + task.name);
    return {};
}

}  // namespace kaigong::approval::operations
