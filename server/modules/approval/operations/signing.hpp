// What follows when one who was asked beside the holder of a task answers, or is not asked any more.
#pragma once

#include "modules/approval/operations/task_access.hpp"

namespace kaigong::approval::operations {

/// The answer of a signer, whose own task `loaded` is; may end the task that he was asked about.
Result<void> answer_question(db::Session& session, TaskWork& loaded, const Outcome& outcome, const Officer& officer,
                             std::int64_t now_ms);

/// Ends a decided task when nobody is left who signs after its holder; does nothing else. What stands in the way of his
/// outcome by now takes the decision back, and he decides again.
Result<void> conclude_if_all_signed(db::Session& session, CaseWork& work, store::TaskRow& task, std::int64_t now_ms);

/// The holder decides anew; who signs after him waits again.
Result<void> undo_decision(db::Session& session, store::TaskRow& task, const Signers& signers);

}  // namespace kaigong::approval::operations
