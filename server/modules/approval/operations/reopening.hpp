// Opening a concluded item once more, shared by who leads its department (reopen_item) and by the leader who returns a
// section of the report (return_sections).
#pragma once

#include <optional>
#include <string>

#include "modules/approval/operations/episodes.hpp"

namespace kaigong::approval::operations {

/// approval.reopen_impossible: nothing behind it can be undone any more.
Error reopen_impossible();

/// The task by which the item was concluded last.
std::optional<store::TaskRow> concluding_task(db::Session& session, const OnItem& on);

/// Fails with approval.item_not_concluded.
Result<void> must_be_concluded(const store::ItemRow& item);

/// Sends the case back to the task by which the item was concluded; what other departments did stays done. Fails with
/// approval.reopen_impossible, approval.return_….
Result<void> open_again(CaseWork& work, const OnItem& on, const store::TaskRow& concluded);

/// What whoever judges it again reads: from which step it came back, and why.
struct SentBack {
    std::string from_task_id;
    std::string from_name;
    std::string reason;
};
void mark_reopened(db::Session& session, const store::TaskRow& concluded, const Officer& officer,
                   const SentBack& sent_back, std::int64_t now_ms);

}  // namespace kaigong::approval::operations
