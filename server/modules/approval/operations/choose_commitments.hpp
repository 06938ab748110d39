// 告知承诺: what the first filing promises. What a later one promises comes with take_resubmission.
#pragma once

#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

/// In the transaction that opens the procedure, after it.
Result<void> choose_commitments(db::Session& session, const Surroundings& surroundings,
                                const applications::Submission& submission, std::int64_t now_ms);

}  // namespace kaigong::approval::operations
