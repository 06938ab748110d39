#include "modules/approval/store_consultation_files.hpp"

namespace kaigong::approval::store {

std::vector<ConsultationFileRow> files_of_consultation(db::Session& session, const std::string& consultation_id) {
    return session.rows<ConsultationFileRow>(
        "SELECT * FROM consultation_files WHERE consultation_id = ? ORDER BY uploaded_at_ms, file_id LIMIT 100",
        consultation_id);
}

std::vector<ConsultationFileRow> consultation_files_of(db::Session& session, const std::string& application_id) {
    return session.rows<ConsultationFileRow>(
        "SELECT f.* FROM outside_consultations c JOIN consultation_files f ON f.consultation_id = c.consultation_id "
        "WHERE c.application_id = ? ORDER BY f.uploaded_at_ms, f.file_id LIMIT 1000",
        application_id);
}

void insert_consultation_file(db::Session& session, const ConsultationFileRow& r) {
    session.execute(
        "INSERT INTO consultation_files (file_id, consultation_id, file_name, media_type, size_bytes, pages, sha256, "
        "answer_no, uploaded_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.file_id, r.consultation_id, r.file_name, r.media_type, r.size_bytes, r.pages, r.sha256, r.answer_no,
        r.uploaded_at_ms);
}

bool remove_unsent_file(db::Session& session, const std::string& consultation_id, const std::string& file_id) {
    return session.execute("DELETE FROM consultation_files WHERE consultation_id = ? AND file_id = ? AND answer_no = 0",
                           consultation_id, file_id) == 1;
}

void set_sent(db::Session& session, const std::string& file_id, std::int64_t answer_no) {
    session.execute("UPDATE consultation_files SET answer_no = ? WHERE file_id = ?", answer_no, file_id);
}

bool is_content_of_consultations(db::Session& session, const std::string& sha256) {
    return session.row<std::int64_t>(
               "SELECT count(*) FROM (SELECT 1 FROM consultation_files WHERE sha256 = ? LIMIT 1) AS found", sha256) > 0;
}

}  // namespace kaigong::approval::store
