#include "modules/approval/access.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/urge_rules.hpp"

namespace kaigong::approval::operations {

Result<void> urge_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                       const Officer& officer, const OnTask& on, const std::string& note) {
    KAIGONG_TRY(loaded, load_task_to_urge(session, surroundings, permissions, officer, on));
    const auto& task = loaded.task;
    KAIGONG_CHECK(must_be_seen(session, task, on));
    KAIGONG_CHECK(
        may_urge_now(officer.actor.account_id.text, task, store::acts_of(session, on.application_id), on.now_ms));
    std::optional<Performer> holder;
    if (task.assignee_id) holder = Performer{*task.assignee_id, task.assignee_name.value_or("")};
    record_act(session, task, officer, on, {.act = "urge", .reason = note, .to = holder});
    loaded.work.note("task_urged", officer.name + "催办“" + task.name + "”", note, false);
    loaded.work.audit("approval.urge_task", "催办：" + task.name);
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
