// Tables of what a round changed, and what that meant for each item: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

struct RoundChangesRow {
    std::string application_id;
    std::int64_t round = 0;
    std::string fields;     ///< JSON array of paths
    std::string materials;  ///< JSON array of codes
    std::int64_t taken_at_ms = 0;
};

struct RoundEffectRow {
    std::string application_id;
    std::int64_t round = 0;
    std::string item;
    std::string effect;  ///< round_effects.hpp
};

/// Nothing for the first round, and for one that was taken in before this was kept.
std::optional<RoundChangesRow> find_round_changes(db::Session& session, const std::string& application_id,
                                                  std::int64_t round);
void insert_round_changes(db::Session& session, const RoundChangesRow& row);

/// The latest thousand, the latest round first.
std::vector<RoundEffectRow> round_effects_of(db::Session& session, const std::string& application_id);
void insert_round_effect(db::Session& session, const RoundEffectRow& row);
/// For an item that could not be opened at once, when it could.
void change_round_effect(db::Session& session, const RoundEffectRow& row);

}  // namespace kaigong::approval::store
