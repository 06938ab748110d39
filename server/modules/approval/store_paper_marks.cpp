#include "modules/approval/store_paper_marks.hpp"

namespace kaigong::approval::store {

std::vector<MarkRow> marks_of(db::Session& session, const std::string& application_id) {
    return session.rows<MarkRow>("SELECT * FROM paper_marks WHERE application_id = ? ORDER BY mark_no LIMIT 1000",
                                 application_id);
}

std::optional<MarkRow> find_mark(db::Session& session, const std::string& mark_id) {
    return session.optional_row<MarkRow>("SELECT * FROM paper_marks WHERE mark_id = ?", mark_id);
}

std::int64_t count_marks(db::Session& session, const std::string& application_id) {
    return session.row<std::int64_t>("SELECT count(*) FROM paper_marks WHERE application_id = ?", application_id);
}

std::int64_t insert_mark(db::Session& session, MarkRow r) {
    r.mark_no = session.row<std::int64_t>(
        "SELECT coalesce(max(mark_no), 0) + 1 FROM paper_marks WHERE application_id = ?", r.application_id);
    session.execute(
        "INSERT INTO paper_marks (mark_id, application_id, mark_no, document_id, material_code, round, page, kind, "
        "left_ppm, top_ppm, width_ppm, height_ppm, words, author_id, author_name, department, department_name, "
        "marked_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.mark_id, r.application_id, r.mark_no, r.document_id, r.material_code, r.round, r.page, r.kind, r.left_ppm,
        r.top_ppm, r.width_ppm, r.height_ppm, r.words, r.author_id, r.author_name, r.department, r.department_name,
        r.marked_at_ms);
    return r.mark_no;
}

std::vector<MarkActRow> mark_acts_of_case(db::Session& session, const std::string& application_id) {
    return session.rows<MarkActRow>(
        "SELECT * FROM paper_mark_acts WHERE application_id = ? ORDER BY mark_id, act_no LIMIT 20000", application_id);
}

std::vector<MarkActRow> mark_acts_of(db::Session& session, const std::string& mark_id) {
    return session.rows<MarkActRow>("SELECT * FROM paper_mark_acts WHERE mark_id = ? ORDER BY act_no LIMIT 1000",
                                    mark_id);
}

void append_mark_act(db::Session& session, const MarkActRow& r) {
    session.execute(
        "INSERT INTO paper_mark_acts (mark_id, act_no, application_id, act, actor_id, actor_name, words, document_id, "
        "at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.mark_id, r.act_no, r.application_id, r.act, r.actor_id, r.actor_name, r.words, r.document_id, r.at_ms);
}

std::vector<std::int64_t> corrections_asked_at(db::Session& session, const std::string& application_id) {
    return session.rows<std::int64_t>(
        "SELECT at_ms FROM timeline_entries WHERE application_id = ? AND kind IN ('request_correction', "
        "'request_late_correction') ORDER BY entry_no LIMIT 1000",
        application_id);
}

}  // namespace kaigong::approval::store
