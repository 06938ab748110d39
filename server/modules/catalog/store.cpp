#include "modules/catalog/store.hpp"

namespace kaigong::catalog::store {

std::vector<VersionRow> all(db::Session& session) {
    return session.rows<VersionRow>(
        "SELECT matter_code, version, effective_from_on, published_at_ms, files FROM catalog_versions ORDER BY "
        "matter_code, version LIMIT 10000");
}

bool insert(db::Session& session, const VersionRow& row) {
    return session.insert_new(
        "INSERT INTO catalog_versions (matter_code, version, effective_from_on, published_at_ms, files) VALUES (?, ?, "
        "?, ?, ?)",
        row.matter_code, row.version, row.effective_from_on, row.published_at_ms, row.files);
}

}  // namespace kaigong::catalog::store
