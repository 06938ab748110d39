// Tables of invited parts: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"
#include "base/result.hpp"

namespace kaigong::applications::store {

struct PartRow {
    std::string part_id;
    std::int64_t version = 1;
    std::string application_id;
    std::string part;
    std::string credit_code;
    std::string role;
    std::string kind;   ///< fill, confirm
    std::string state;  ///< open, unlisted, ended, withdrawn
    std::string organisation_name;
    std::string invited_by;
    std::int64_t invited_at_ms = 0;
    std::int64_t expires_at_ms = 0;
    std::int64_t filled_at_ms = 0;       ///< 0: the firm has saved nothing
    std::int64_t confirmed_version = 0;  ///< 0: never confirmed
    std::int64_t confirmed_at_ms = 0;
    std::string confirmed_by;
    std::string authority_duty;
    std::string authority_reference;
    std::string values_digest;  ///< sealed; empty: never confirmed
};

struct FiledPartRow {
    std::string entry_id;
    std::string application_id;
    std::int64_t round = 0;
    std::string part_id;
    std::string part;
    std::string credit_code;
    std::string role;
    std::string kind;
    std::string standing;
    std::string organisation_name;
    std::int64_t confirmed_at_ms = 0;
    std::string confirmed_by;
    std::string authority_duty;
    std::string authority_reference;
    std::string values_digest;
};

/// What the firm's list shows; nothing of the form but the names.
struct PartListRow {
    std::string part_id;
    std::string application_id;
    std::int64_t version = 1;
    std::string part;
    std::string credit_code;
    std::string role;
    std::string kind;
    std::string organisation_name;
    std::int64_t invited_at_ms = 0;
    std::int64_t expires_at_ms = 0;
    std::int64_t filled_at_ms = 0;
    std::int64_t confirmed_version = 0;
    std::string matter_code;
    std::string catalog_version;
    std::string works_name;
    std::string owner_name;
};

inline constexpr authz::ScopeColumns kScopeOfParts{.credit_code = "p.credit_code"};

void insert_part(db::Session& session, const PartRow& row);
std::optional<PartRow> find_part(db::Session& session, const std::string& part_id);
/// Of one application, the oldest invitation first; as many as may be made.
std::vector<PartRow> parts_of(db::Session& session, const std::string& application_id, int limit);
/// Open and not over, soonest due first, after the position (expires_at_ms, part_id).
std::vector<PartListRow> parts_of_firm(db::Session& session, const authz::BoundScope& scope, std::int64_t from_ms,
                                       const std::string& after_id, int limit);
/// All that changes of an invitation, with the next version. False when it is no longer what was seen, or over.
bool change_part(db::Session& session, PartRow& row);
/// Somebody else than the firm changed the values.
void count_part_up(db::Session& session, const std::string& part_id);
/// The firm left the list of firms (`unlisted`), or stands there again (`open`).
void set_part_state(db::Session& session, const std::string& part_id, const std::string& state);
/// With the filing every open invitation is over.
void end_parts(db::Session& session, const std::string& application_id);
void remove_parts(db::Session& session, const std::string& application_id);

void insert_filed_part(db::Session& session, const FiledPartRow& row);
std::vector<FiledPartRow> filed_parts(db::Session& session, const std::string& application_id, std::int64_t round,
                                      int limit);

}  // namespace kaigong::applications::store
