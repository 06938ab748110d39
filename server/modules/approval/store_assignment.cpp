#include "modules/approval/store_assignment.hpp"

namespace kaigong::approval::store {

std::int64_t open_tasks_of(db::Session& session, const std::string& account_id) {
    return session.row<std::int64_t>(
        "SELECT count(*) FROM (SELECT 1 FROM tasks WHERE assignee_id = ? AND state = 'open' LIMIT ?) AS counted",
        account_id, kOpenTasksMax);
}

std::int64_t last_turn_of(db::Session& session, const std::string& account_id) {
    return session.row<std::int64_t>("SELECT coalesce(max(given_at_ms), 0) FROM assignment_turns WHERE account_id = ?",
                                     account_id);
}

void take_turn(db::Session& session, const std::string& account_id, std::int64_t now_ms) {
    if (session.insert_new("INSERT INTO assignment_turns (account_id, given_at_ms) VALUES (?, ?)", account_id,
                           now_ms)) {
        return;
    }
    session.execute("UPDATE assignment_turns SET given_at_ms = ? WHERE account_id = ?", now_ms, account_id);
}

}  // namespace kaigong::approval::store
