#include "modules/approval/store_consultations.hpp"

namespace kaigong::approval::store {

std::vector<ConsultationRow> consultations_of(db::Session& session, const std::string& application_id) {
    return session.rows<ConsultationRow>(
        "SELECT * FROM outside_consultations WHERE application_id = ? ORDER BY consultation_no LIMIT 1000",
        application_id);
}

std::optional<ConsultationRow> find_consultation(db::Session& session, const std::string& consultation_id) {
    return session.optional_row<ConsultationRow>("SELECT * FROM outside_consultations WHERE consultation_id = ?",
                                                 consultation_id);
}

std::optional<ConsultationRow> find_consultation_by_link(db::Session& session, const std::string& token_hash) {
    return session.optional_row<ConsultationRow>(
        "SELECT c.* FROM outside_consultations c JOIN consultation_links l ON l.consultation_id = c.consultation_id "
        "WHERE l.token_hash = ?",
        token_hash);
}

std::int64_t insert_consultation(db::Session& session, ConsultationRow r) {
    r.consultation_no = session.row<std::int64_t>(
        "SELECT coalesce(max(consultation_no), 0) + 1 FROM outside_consultations WHERE application_id = ?",
        r.application_id);
    session.execute(
        "INSERT INTO outside_consultations (consultation_id, application_id, consultation_no, version, item, "
        "department_name, state, organisation, name, phone, email, question, round, sections, papers, asked_by_id, "
        "asked_by, asked_at_ms, until_on, until_at_ms, opened_at_ms, outcome, words, answers, answered_at_ms, "
        "wrong_codes, reminders, reminded_at_ms, closed_at_ms, closed_because) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.consultation_id, r.application_id, r.consultation_no, r.version, r.item, r.department_name, r.state,
        r.organisation, r.name, r.phone, r.email, r.question, r.round, r.sections, r.papers, r.asked_by_id, r.asked_by,
        r.asked_at_ms, r.until_on, r.until_at_ms, r.opened_at_ms, r.outcome, r.words, r.answers, r.answered_at_ms,
        r.wrong_codes, r.reminders, r.reminded_at_ms, r.closed_at_ms, r.closed_because);
    return r.consultation_no;
}

void note_opened(db::Session& session, const std::string& consultation_id, std::int64_t now_ms) {
    session.execute("UPDATE outside_consultations SET opened_at_ms = ? WHERE consultation_id = ?", now_ms,
                    consultation_id);
}

bool save_consultation(db::Session& session, ConsultationRow& r) {
    const auto seen = r.version++;
    return session.execute(
               "UPDATE outside_consultations SET version = ?, state = ?, opened_at_ms = ?, outcome = ?, words = ?, "
               "answers = ?, answered_at_ms = ?, reminders = ?, reminded_at_ms = ?, closed_at_ms = ?, "
               "closed_because = ? WHERE consultation_id = ? AND version = ?",
               r.version, r.state, r.opened_at_ms, r.outcome, r.words, r.answers, r.answered_at_ms, r.reminders,
               r.reminded_at_ms, r.closed_at_ms, r.closed_because, r.consultation_id, seen) == 1;
}

bool count_wrong_code(db::Session& session, const std::string& consultation_id, std::int64_t wrong_codes_max,
                      std::int64_t now_ms) {
    session.execute("UPDATE outside_consultations SET wrong_codes = wrong_codes + 1 WHERE consultation_id = ?",
                    consultation_id);
    return session.execute(
               "UPDATE outside_consultations SET closed_at_ms = ?, closed_because = '验证码输错次数过多', "
               "state = CASE WHEN state = 'open' THEN 'locked' ELSE state END, version = version + 1 "
               "WHERE consultation_id = ? AND closed_at_ms IS NULL AND wrong_codes >= ?",
               now_ms, consultation_id, wrong_codes_max) == 1;
}

void end_consultations_of_ended_items(db::Session& session, const std::string& application_id, std::int64_t now_ms) {
    session.execute(
        "UPDATE outside_consultations SET closed_at_ms = ?, closed_because = '部门事项已经办结', "
        "state = CASE WHEN state = 'open' THEN 'ended' ELSE state END, version = version + 1 "
        "WHERE application_id = ? AND closed_at_ms IS NULL AND item IN (SELECT item FROM procedure_items WHERE "
        "application_id = ? AND state IN ('agreed', 'agreed_with_conditions', 'disagreed', 'not_applicable', "
        "'voided'))",
        now_ms, application_id, application_id);
}

void insert_link(db::Session& session, const std::string& token_hash, const std::string& consultation_id,
                 std::int64_t sent_at_ms) {
    session.execute("INSERT INTO consultation_links (token_hash, consultation_id, sent_at_ms) VALUES (?, ?, ?)",
                    token_hash, consultation_id, sent_at_ms);
}

void insert_pass(db::Session& session, const std::string& pass_hash, const std::string& consultation_id,
                 std::int64_t expires_at_ms, std::int64_t now_ms) {
    session.execute("DELETE FROM consultation_passes WHERE expires_at_ms <= ?", now_ms);
    session.execute("INSERT INTO consultation_passes (pass_hash, consultation_id, expires_at_ms) VALUES (?, ?, ?)",
                    pass_hash, consultation_id, expires_at_ms);
}

bool has_pass(db::Session& session, const std::string& pass_hash, const std::string& consultation_id,
              std::int64_t now_ms) {
    return session.row<std::int64_t>(
               "SELECT count(*) FROM consultation_passes WHERE pass_hash = ? AND consultation_id = ? AND "
               "expires_at_ms > ?",
               pass_hash, consultation_id, now_ms) == 1;
}

}  // namespace kaigong::approval::store
