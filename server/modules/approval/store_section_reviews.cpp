#include "modules/approval/store_section_reviews.hpp"

#include <algorithm>

namespace kaigong::approval::store {

std::vector<SectionReviewRow> section_reviews_of(db::Session& session, const std::string& application_id) {
    auto rows = session.rows<SectionReviewRow>(
        "SELECT application_id, review_no, element_id, task_id, task_version, section, content, verdict, original, "
        "wording, reason, actor_id, actor_name, at_ms FROM section_reviews WHERE application_id = ? ORDER BY review_no "
        "DESC LIMIT 1000",
        application_id);
    std::ranges::reverse(rows);
    return rows;
}

void append_section_reviews(db::Session& session, std::vector<SectionReviewRow> rows) {
    if (rows.empty()) return;
    auto number =
        session.row<std::int64_t>("SELECT coalesce(max(review_no), 0) FROM section_reviews WHERE application_id = ?",
                                  rows.front().application_id);
    for (auto& r : rows) {
        r.review_no = ++number;
        session.execute(
            "INSERT INTO section_reviews (application_id, review_no, element_id, task_id, task_version, section, "
            "content, verdict, original, wording, reason, actor_id, actor_name, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
            "?, ?, ?, ?, ?, ?)",
            r.application_id, r.review_no, r.element_id, r.task_id, r.task_version, r.section, r.content, r.verdict,
            r.original, r.wording, r.reason, r.actor_id, r.actor_name, r.at_ms);
    }
}

}  // namespace kaigong::approval::store
