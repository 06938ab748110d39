// The table of published versions: SQL and nothing else.
#pragma once

#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::catalog::store {

struct VersionRow {
    std::string matter_code;
    std::string version;
    std::string effective_from_on;
    std::int64_t published_at_ms = 0;
    std::string files;
};

/// All that were ever kept; a version is about a megabyte.
std::vector<VersionRow> all(db::Session& session);
/// False when this version is there already.
bool insert(db::Session& session, const VersionRow& row);

}  // namespace kaigong::catalog::store
