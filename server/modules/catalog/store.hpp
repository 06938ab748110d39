// The table of published versions: SQL and nothing else.
#pragma once

#include <optional>
#include <string>

#include "db/session.hpp"

namespace kaigong::catalog::store {

struct VersionRow {
    std::string matter_code;
    std::string version;
    std::string effective_from_on;
    std::int64_t published_at_ms = 0;
    std::string files;
};

std::optional<VersionRow> find(db::Session& session, const std::string& matter_code, const std::string& version);
/// False when this version is there already.
bool insert(db::Session& session, const VersionRow& row);

}  // namespace kaigong::catalog::store
