// The table of certificate versions: SQL and nothing else.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::certificates::store {

struct VersionRow {
    std::string certificate_identifier;
    std::string permit_number;
    std::int64_t certificate_version = 1;
    std::int64_t version = 1;
    std::string state;
    std::string public_sha256;
    std::optional<std::int64_t> leaf_index;
    std::string file_sha256;
    std::optional<std::int64_t> file_leaf_index;
    std::int64_t prepared_at_ms = 0;
    std::optional<std::int64_t> valid_from_ms;
};

std::optional<VersionRow> find(db::Session& session, const std::string& certificate_identifier);
std::optional<VersionRow> find_latest(db::Session& session, const std::string& permit_number);
/// The newest version that the public may see.
std::optional<VersionRow> find_valid(db::Session& session, const std::string& permit_number);
bool insert(db::Session& session, const VersionRow& row);
/// Writes all that may change, with the next version. Fails with db.version_is_stale.
Result<void> save(db::Session& session, VersionRow& row);
bool is_referenced(db::Session& session, const std::string& sha256);

}  // namespace kaigong::certificates::store
