// Who may change whose deputies, and the record of it.
#pragma once

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

/// His own, those of the department that he leads, those of the authority. Fails with authz.…,
/// approval.deputy_of_superior.
Result<void> may_change_deputies(const authz::Permissions& permissions, const Officer& officer,
                                 const authz::Actor& absent);

}  // namespace kaigong::approval::operations
