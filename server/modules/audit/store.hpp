// The table of audit entries: SQL and nothing else.
#pragma once

#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::audit::store {

struct EntryRow {
    std::string entry_id;
    std::string aggregate_kind;
    std::string aggregate_id;
    std::int64_t aggregate_version = 0;
    std::string act;
    std::string actor_id;
    std::string actor_name;
    std::string summary;
    std::int64_t at_ms = 0;
    std::string salt;
};

void insert(db::Session& session, const EntryRow& row);
/// 0 when the table is empty.
std::int64_t last_act_at_ms(db::Session& session);
/// Newest first, older than `before_id` when that is not empty.
std::vector<EntryRow> entries_of(db::Session& session, const std::string& aggregate_kind,
                                 const std::string& aggregate_id, const std::string& before_id, int limit);
/// In the order of their ids.
std::vector<EntryRow> entries_after(db::Session& session, const std::string& after_id, int limit);

}  // namespace kaigong::audit::store
