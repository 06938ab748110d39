#include "modules/certificates/store.hpp"

#include "db/versions.hpp"

namespace kaigong::certificates::store {

std::optional<VersionRow> find(db::Session& session, const std::string& certificate_identifier) {
    return session.optional_row<VersionRow>("SELECT * FROM certificate_versions WHERE certificate_identifier = ?",
                                            certificate_identifier);
}

std::optional<VersionRow> find_latest(db::Session& session, const std::string& permit_number) {
    return session.optional_row<VersionRow>(
        "SELECT * FROM certificate_versions WHERE permit_number = ? ORDER BY certificate_version DESC LIMIT 1",
        permit_number);
}

std::optional<VersionRow> find_valid(db::Session& session, const std::string& permit_number) {
    return session.optional_row<VersionRow>(
        "SELECT * FROM certificate_versions WHERE permit_number = ? AND state = 'valid' ORDER BY certificate_version "
        "DESC LIMIT 1",
        permit_number);
}

bool insert(db::Session& session, const VersionRow& r) {
    return session.insert_new(
        "INSERT INTO certificate_versions (certificate_identifier, permit_number, certificate_version, version, "
        "state, public_sha256, leaf_index, file_sha256, file_leaf_index, prepared_at_ms, valid_from_ms) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.certificate_identifier, r.permit_number, r.certificate_version, r.version, r.state, r.public_sha256,
        r.leaf_index, r.file_sha256, r.file_leaf_index, r.prepared_at_ms, r.valid_from_ms);
}

Result<void> save(db::Session& session, VersionRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "certificate_versions", "certificate_identifier", r.certificate_identifier,
                                   r.version));
    r.version += 1;
    session.execute(
        "UPDATE certificate_versions SET state = ?, public_sha256 = ?, leaf_index = ?, file_sha256 = ?, "
        "file_leaf_index = ?, valid_from_ms = ? WHERE certificate_identifier = ?",
        r.state, r.public_sha256, r.leaf_index, r.file_sha256, r.file_leaf_index, r.valid_from_ms,
        r.certificate_identifier);
    return {};
}

bool is_referenced(db::Session& session, const std::string& sha256) {
    return session.row<std::int64_t>(
               "SELECT count(*) FROM (SELECT 1 FROM certificate_versions WHERE file_sha256 = ? LIMIT 1) AS found",
               sha256) > 0;
}

}  // namespace kaigong::certificates::store
