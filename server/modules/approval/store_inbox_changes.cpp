#include "modules/approval/store_inbox_changes.hpp"

namespace kaigong::approval::store {
namespace {

constexpr std::string_view kRecordChangeTo =
    "INSERT INTO inbox_changes (region_code, candidate_group, waits, held_before, held_now, matter_code, "
    "confidentiality) SELECT "
    "region_code, candidate_group, CASE WHEN ? = 1 OR (state = 'open' AND assignee_id IS NULL) THEN 1 ELSE 0 END, "
    "assignee_id, ?, "
    "matter_code, confidentiality FROM tasks WHERE task_id = ? AND (state <> ? OR candidate_group <> ? OR "
    "coalesce(assignee_id, '') <> ?)";

}  // namespace

void record_inbox_change(db::Session& session, const InboxChange& change) {
    session.execute(
        "INSERT INTO inbox_changes (region_code, candidate_group, waits, held_before, held_now, matter_code, "
        "confidentiality) VALUES (?, ?, ?, ?, ?, ?, ?)",
        change.region_code, change.candidate_group, change.waits, change.held_before, change.held_now,
        change.matter_code, change.confidentiality);
}

void record_inbox_change_for(db::Session& session, const std::string& account_id) {
    InboxChange change;
    change.held_now = account_id;
    record_inbox_change(session, change);
}

void record_inbox_change_to(db::Session& session, const TaskRow& next) {
    const bool waits_now = next.state == "open" && !next.assignee_id;
    session.execute(kRecordChangeTo, waits_now, next.assignee_id, next.task_id, next.state, next.candidate_group,
                    next.assignee_id.value_or(""));
}

void record_inbox_changes_of_item(db::Session& session, const std::string& application_id, const std::string& item) {
    session.execute(
        "INSERT INTO inbox_changes (region_code, candidate_group, waits, held_before, held_now, matter_code, "
        "confidentiality) SELECT region_code, candidate_group, CASE WHEN assignee_id IS NULL THEN 1 ELSE 0 END, "
        "assignee_id, assignee_id, matter_code, confidentiality FROM tasks WHERE application_id = ? AND item = ? AND "
        "state = 'open'",
        application_id, item);
}

std::vector<InboxChange> inbox_changes_after(db::Session& session, std::int64_t change_no, int limit) {
    return session.rows<InboxChange>(kChangesAfter, change_no, limit);
}

ChangeNumbers inbox_change_numbers(db::Session& session) {
    return session.row<ChangeNumbers>(
        "SELECT coalesce((SELECT min(change_no) FROM inbox_changes), 0), coalesce((SELECT max(change_no) FROM "
        "inbox_changes), 0)");
}

void forget_inbox_changes(db::Session& session, std::int64_t through_change_no) {
    session.execute("DELETE FROM inbox_changes WHERE change_no <= ?", through_change_no);
}

}  // namespace kaigong::approval::store
