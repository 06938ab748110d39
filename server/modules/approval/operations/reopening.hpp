// Opening a concluded item once more, shared by who leads its department (reopen_item), by the leader who returns a
// section of the report (return_sections), and by an answer that changed what it rests on (round_items).
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

/// The way back to the task by which an item was concluded.
struct Reopening {
    bpmn::MoveTokens move;
    /// The items are not all concluded any more then.
    bool undoes_conclusion = false;
};
/// Changes nothing. Fails with approval.reopen_impossible, approval.return_….
Result<Reopening> plan_reopening(const CaseWork& work, const store::TaskRow& concluded);

/// Sends the case back that way; what other departments did stays done.
Result<void> open_again(CaseWork& work, const OnItem& on, const Reopening& plan);

/// What whoever judges it again reads: from which step it came back, through whom, and why.
struct SentBack {
    std::string from_task_id;
    std::string from_name;
    std::string returned_by;
    std::string reason;
};
void mark_reopened(db::Session& session, const store::TaskRow& concluded, const SentBack& sent_back,
                   std::int64_t now_ms);

}  // namespace kaigong::approval::operations
