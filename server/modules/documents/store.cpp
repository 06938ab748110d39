#include "modules/documents/store.hpp"

namespace kaigong::documents::store {

std::optional<DocumentRow> find(db::Session& session, const std::string& document_id) {
    return session.optional_row<DocumentRow>("SELECT * FROM documents WHERE document_id = ?", document_id);
}

std::vector<DocumentRow> of_application(db::Session& session, const std::string& application_id) {
    return session.rows<DocumentRow>(
        "SELECT * FROM documents WHERE application_id = ? ORDER BY superseded, uploaded_at_ms, document_id LIMIT 2000",
        application_id);
}

std::int64_t count_of_application(db::Session& session, const std::string& application_id) {
    return session.row<std::int64_t>("SELECT count(*) FROM documents WHERE application_id = ?", application_id);
}

void insert(db::Session& session, const DocumentRow& r) {
    session.execute(
        "INSERT INTO documents (document_id, application_id, material_code, file_name, media_type, size_bytes, pages, "
        "sha256, round, superseded, uploaded_by, uploaded_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.document_id, r.application_id, r.material_code, r.file_name, r.media_type, r.size_bytes, r.pages, r.sha256,
        r.round, r.superseded, r.uploaded_by, r.uploaded_at_ms);
}

bool remove_unfiled(db::Session& session, const std::string& document_id) {
    return session.execute("DELETE FROM documents WHERE document_id = ? AND round = 0", document_id) == 1;
}

void set_filed(db::Session& session, const std::string& application_id, int round) {
    session.execute("UPDATE documents SET round = ? WHERE application_id = ? AND round = 0", round, application_id);
}

void supersede_earlier(db::Session& session, const std::string& application_id, const std::string& material_code,
                       int round) {
    session.execute(
        "UPDATE documents SET superseded = 1 WHERE application_id = ? AND material_code = ? AND round > 0 AND round < "
        "?",
        application_id, material_code, round);
}

bool is_referenced(db::Session& session, const std::string& sha256) {
    return session.row<std::int64_t>("SELECT count(*) FROM (SELECT 1 FROM documents WHERE sha256 = ? LIMIT 1) AS found",
                                     sha256) > 0;
}

}  // namespace kaigong::documents::store
