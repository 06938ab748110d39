// The tables of versions: SQL and nothing else. Those of drafts and previews are rule_store.hpp's.
#pragma once

#include <optional>
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

/// A version without its texts, and who made it. An office's version has a base.
struct VersionFactsRow {
    std::string matter_code;
    std::string version;
    std::string effective_from_on;
    std::int64_t published_at_ms = 0;
    std::optional<std::string> base_version;
    std::optional<std::string> edited_by;
    std::optional<std::string> published_by;
    std::optional<std::string> note;
    std::optional<std::int64_t> withdrawn_at_ms;
};

struct PublicationRow {
    std::string matter_code;
    std::string catalog_version;
    std::string base_version;
    std::string edited_by;
    std::string published_by;
    std::string note;
};

/// Of all versions that were ever kept.
std::vector<VersionFactsRow> all_facts(db::Session& session);
/// The texts as one JSON object; about a megabyte.
std::string files_of(db::Session& session, const std::string& matter_code, const std::string& version);
/// Of all versions of the matter; 0 where it has none.
std::int64_t newest_publication(db::Session& session, const std::string& matter_code);
/// False when this version is there already.
bool insert(db::Session& session, const VersionRow& row);
void insert_publication(db::Session& session, const PublicationRow& row);
/// False when it was withdrawn already.
bool insert_withdrawal(db::Session& session, const std::string& matter_code, const std::string& version,
                       const std::string& withdrawn_by, std::int64_t at_ms, const std::string& reason);

}  // namespace kaigong::catalog::store
