#include "modules/approval/countersign.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {

Result<void> claim_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                        const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_task_to_do(session, surroundings, permissions, officer, on));
    auto& task = loaded.task;
    KAIGONG_TRY(model, loaded.model());
    KAIGONG_CHECK(must_not_have_voted(model, loaded.work.process(), loaded.work.state(), task, officer.accounts()));
    task.assignee_id = officer.holder().account_id.text;
    task.assignee_name = officer.holder_name();
    KAIGONG_CHECK(save_seen(session, task, on));
    record_act(session, task, officer, on, {.act = "claim", .to = holder_of(officer)});
    loaded.work.audit("approval.claim_task", "领取任务：" + task.name);
    return loaded.work.save();
}

Result<void> release_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                          const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_task_for(session, surroundings, permissions, officer, on));
    auto& task = loaded.task;
    KAIGONG_CHECK(must_be_open(task));
    if (task.assignee_id != officer.holder().account_id.text) {
        const auto where = task.assignee_name ? "现在由" + *task.assignee_name + "办理" : std::string("没有人领取");
        return error(Errc::conflict, "approval.task_not_yours",
                     "这个任务" + where + "，不需要您释放。请刷新待办列表。");
    }
    KAIGONG_CHECK(must_be_of_the_process(task, loaded.signers));
    KAIGONG_CHECK(must_be_undecided(task));
    task.assignee_id.reset();
    task.assignee_name.reset();
    KAIGONG_CHECK(save_seen(session, task, on));
    record_act(session, task, officer, on, {.act = "release", .from = holder_of(officer)});
    loaded.work.audit("approval.release_task", "释放任务：" + task.name);
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
