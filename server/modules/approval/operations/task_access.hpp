// Loading a task for an officer's act.
#pragma once

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

/// Fails with approval.not_found, approval.not_your_task.
Result<store::TaskRow> load_task_for(db::Session& session, const authz::Permissions& permissions,
                                     const Officer& officer, const std::string& task_id);

}  // namespace kaigong::approval::operations
