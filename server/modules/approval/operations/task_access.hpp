// Loading a task for an officer's act.
#pragma once

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

/// Fails with approval.not_found, approval.not_your_task.
Result<store::TaskRow> load_task_for(db::Session& session, const authz::Permissions& permissions,
                                     const Officer& officer, const std::string& task_id);

/// The same of an open task that this officer may take, or holds, and is not excluded from. Fails with
/// approval.task_not_open, approval.task_held_by_other, authz.excluded_….
Result<store::TaskRow> load_task_to_do(db::Session& session, const authz::Permissions& permissions,
                                       const Officer& officer, CaseWork& work, const std::string& task_id);

/// What the record keeps of who ended a task, and how.
void end_task(store::TaskRow& task, const Officer& officer, std::string outcome, std::string outcome_label,
              std::string opinion, std::int64_t now_ms);

}  // namespace kaigong::approval::operations
