#include "modules/approval/operations/task_access.hpp"

#include "modules/approval/access.hpp"

namespace kaigong::approval::operations {

Result<store::TaskRow> load_task_for(db::Session& session, const authz::Permissions& permissions,
                                     const Officer& officer, const std::string& task_id) {
    KAIGONG_CHECK(permissions.require(officer.actor, "approval.work"));
    auto task = store::find_task(session, task_id);
    if (!task) return error(Errc::not_found, "approval.not_found", "没有找到这个任务，请从待办列表重新进入。");
    KAIGONG_CHECK(may_work_on(permissions, officer.actor, *task));
    return std::move(*task);
}

}  // namespace kaigong::approval::operations
