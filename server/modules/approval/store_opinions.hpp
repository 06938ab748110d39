// The table of officers' own opinions: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::approval::store {

struct OwnOpinionRow {
    std::string opinion_id;
    std::string account_id;
    std::int64_t version = 1;
    std::string text;
    std::int64_t used_count = 0;
    std::int64_t used_at_ms = 0;
};

/// The most used first, of those the last used.
std::vector<OwnOpinionRow> own_opinions(db::Session& session, const std::string& account_id, int limit);
std::optional<OwnOpinionRow> find_own_opinion(db::Session& session, const std::string& account_id,
                                              const std::string& opinion_id);
void insert_own_opinion(db::Session& session, const OwnOpinionRow& row);
/// Writes the text in the next version. Fails with db.version_is_stale.
Result<void> save_own_opinion(db::Session& session, OwnOpinionRow& row);
/// Fails with db.version_is_stale.
Result<void> delete_own_opinion(db::Session& session, const OwnOpinionRow& row);
/// Leaves the version alone: who edits the text meanwhile is not disturbed.
void count_use(db::Session& session, const std::string& opinion_id, std::int64_t at_ms);

}  // namespace kaigong::approval::store
