#include "modules/catalog/store.hpp"

namespace kaigong::catalog::store {

std::optional<VersionRow> find(db::Session& session, const std::string& matter_code, const std::string& version) {
    return session.optional_row<VersionRow>(
        "SELECT matter_code, version, effective_from_on, published_at_ms, files FROM catalog_versions WHERE "
        "matter_code = ? AND version = ?",
        matter_code, version);
}

bool insert(db::Session& session, const VersionRow& row) {
    return session.insert_new(
        "INSERT INTO catalog_versions (matter_code, version, effective_from_on, published_at_ms, files) VALUES (?, ?, "
        "?, ?, ?)",
        row.matter_code, row.version, row.effective_from_on, row.published_at_ms, row.files);
}

}  // namespace kaigong::catalog::store
