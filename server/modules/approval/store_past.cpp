#include "modules/approval/store_past.hpp"

namespace kaigong::approval::store {

std::int64_t count_past(db::Session& session, const std::string& matter_code, std::int64_t since_ms) {
    return session.row<std::int64_t>("SELECT COUNT(*) FROM procedures WHERE matter_code = ? AND received_at_ms >= ?",
                                     matter_code, since_ms);
}

std::vector<PastRow> past_page(db::Session& session, const std::string& matter_code, std::int64_t since_ms,
                               const std::string& after, int limit) {
    return session.rows<PastRow>(
        "SELECT application_id, application_number, works_name, owner_name, received_at_ms, instance FROM procedures "
        "WHERE application_id > ? AND matter_code = ? AND received_at_ms >= ? ORDER BY application_id LIMIT ?",
        after, matter_code, since_ms, limit);
}

std::vector<std::string> restricted_of(db::Session& session, const std::string& matter_code) {
    // What is not plainly normal is restricted, as resource_of reads it.
    return session.rows<std::string>(
        "SELECT application_id FROM procedures WHERE matter_code = ? AND (confidentiality < 'normal' OR "
        "confidentiality > 'normal') ORDER BY application_id LIMIT 100000",
        matter_code);
}

std::vector<PastStepRow> past_steps(db::Session& session, const std::string& application_id) {
    return session.rows<PastStepRow>(
        "SELECT element_id, COALESCE(outcome, '') FROM tasks WHERE application_id = ? AND state = 'completed' ORDER BY "
        "completed_at_ms, created_at_ms, task_id LIMIT 1000",
        application_id);
}

}  // namespace kaigong::approval::store
