#include "modules/catalog/store.hpp"

namespace kaigong::catalog::store {

std::vector<VersionFactsRow> all_facts(db::Session& session) {
    return session.rows<VersionFactsRow>(
        "SELECT v.matter_code, v.version, v.effective_from_on, v.published_at_ms, p.base_version, p.edited_by, "
        "p.published_by, p.note, w.withdrawn_at_ms FROM catalog_versions v LEFT JOIN rule_publications p ON "
        "p.matter_code = v.matter_code AND p.catalog_version = v.version LEFT JOIN version_withdrawals w ON "
        "w.matter_code = v.matter_code AND w.catalog_version = v.version ORDER BY v.matter_code, v.version LIMIT "
        "10000");
}

std::string files_of(db::Session& session, const std::string& matter_code, const std::string& version) {
    return session.row<std::string>("SELECT files FROM catalog_versions WHERE matter_code = ? AND version = ?",
                                    matter_code, version);
}

std::int64_t newest_publication(db::Session& session, const std::string& matter_code) {
    return session.row<std::int64_t>(
        "SELECT COALESCE(MAX(published_at_ms), 0) FROM catalog_versions WHERE matter_code = ?", matter_code);
}

bool insert(db::Session& session, const VersionRow& row) {
    return session.insert_new(
        "INSERT INTO catalog_versions (matter_code, version, effective_from_on, published_at_ms, files) VALUES (?, ?, "
        "?, ?, ?)",
        row.matter_code, row.version, row.effective_from_on, row.published_at_ms, row.files);
}

void insert_publication(db::Session& session, const PublicationRow& row) {
    session.execute(
        "INSERT INTO rule_publications (matter_code, catalog_version, base_version, edited_by, published_by, note) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        row.matter_code, row.catalog_version, row.base_version, row.edited_by, row.published_by, row.note);
}

bool insert_withdrawal(db::Session& session, const std::string& matter_code, const std::string& version,
                       const std::string& withdrawn_by, std::int64_t at_ms, const std::string& reason) {
    return session.insert_new(
        "INSERT INTO version_withdrawals (matter_code, catalog_version, withdrawn_by, withdrawn_at_ms, reason) VALUES "
        "(?, ?, ?, ?, ?)",
        matter_code, version, withdrawn_by, at_ms, reason);
}

}  // namespace kaigong::catalog::store
