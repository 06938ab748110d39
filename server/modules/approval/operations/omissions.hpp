// 容缺受理: papers that may come after the acceptance. States.md A12, A26.
#pragma once

#include <vector>

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

/// Begins one episode with its letter for each. Fails with approval.omission_impossible (a paper that the catalogue
/// does not allow to be missing, twice the same, too long).
Result<void> tolerate(CaseWork& work, const std::vector<Omission>& omissions);

}  // namespace kaigong::approval::operations
