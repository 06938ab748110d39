// That lists of tasks changed, for who has one open: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/approval/store.hpp"

namespace kaigong::approval::store {

struct InboxChange {
    std::int64_t change_no = 0;
    /// Empty: not a task's, but something that a person was given: a copy, a deputyship.
    std::string region_code;
    std::string candidate_group;
    /// It waited for its group before, or does now.
    bool waits = false;
    std::optional<std::string> held_before;
    std::optional<std::string> held_now;
    std::string matter_code;
    std::string confidentiality = "normal";
};

/// For a test of how they are carried out.
inline constexpr std::string_view kChangesAfter =
    "SELECT change_no, region_code, candidate_group, waits, held_before, held_now, matter_code, confidentiality FROM "
    "inbox_changes WHERE change_no > ? ORDER BY change_no LIMIT ?";

/// Its number is given here: numbers of transactions that run at once may be seen in another order than theirs.
void record_inbox_change(db::Session& session, const InboxChange& change);
void record_inbox_change_for(db::Session& session, const std::string& account_id);
/// Before the task is written: nothing where no list shows the difference.
void record_inbox_change_to(db::Session& session, const TaskRow& next);

/// Of all open tasks of an item: what their rows say beside the task changed.
void record_inbox_changes_of_item(db::Session& session, const std::string& application_id, const std::string& item);

/// In their order.
std::vector<InboxChange> inbox_changes_after(db::Session& session, std::int64_t change_no, int limit);

/// 0 where there are none.
struct ChangeNumbers {
    std::int64_t first = 0;
    std::int64_t last = 0;
};
ChangeNumbers inbox_change_numbers(db::Session& session);
void forget_inbox_changes(db::Session& session, std::int64_t through_change_no);

}  // namespace kaigong::approval::store
