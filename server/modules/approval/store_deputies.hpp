// Tables of deputies: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"
#include "base/result.hpp"

namespace kaigong::approval::store {

struct DeputyshipRow {
    std::string deputyship_id;
    std::int64_t version = 1;
    std::string absent_id;
    std::string absent_name;
    std::string deputy_id;
    std::string deputy_name;
    std::string department;
    std::string region_code;
    std::int64_t from_at_ms = 0;
    std::int64_t until_at_ms = 0;
    std::string reason;
    std::string named_by_id;
    std::string named_by;
    std::int64_t named_at_ms = 0;
    std::optional<std::int64_t> ended_at_ms;
    std::optional<std::string> ended_by;
    std::optional<std::string> end_reason;
};

/// Holds a person's deputyships, as absent or as deputy, until the transaction ends.
void lock_deputies_of(db::Session& session, const std::string& account_id);

std::optional<DeputyshipRow> find_deputyship(db::Session& session, const std::string& deputyship_id);
void insert_deputyship(db::Session& session, const DeputyshipRow& row);
/// Writes how it ended, with the next version. Fails with db.version_is_stale.
Result<void> end_deputyship(db::Session& session, const DeputyshipRow& row);

/// Those in which the person stands in for somebody at that instant.
std::vector<DeputyshipRow> in_force_for(db::Session& session, const std::string& deputy_id, std::int64_t at_ms);
/// Those that lie in a span, whole or in part, with the person as absent, and were not ended.
std::vector<DeputyshipRow> absences_within(db::Session& session, const std::string& absent_id, std::int64_t from_at_ms,
                                           std::int64_t until_at_ms);
/// Past ones too, the latest first; as absent or as deputy.
std::vector<DeputyshipRow> deputyships_of(db::Session& session, const std::string& account_id, int limit);
/// Those that somebody may change: kScopeOfDeputyships.
std::vector<DeputyshipRow> deputyships_in(db::Session& session, const authz::BoundScope& scope, int limit);

}  // namespace kaigong::approval::store
