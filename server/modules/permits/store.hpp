// Tables of permits: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"
#include "base/result.hpp"

namespace kaigong::permits::store {

struct PermitRow {
    std::string permit_number;
    std::int64_t version = 1;
    std::string application_id;
    std::string region_code;
    std::string credit_code;
    std::string works_category;
    std::string state;
    std::string matter_code;
    std::string catalog_version;
    std::string issuing_authority;
    std::string works_name;
    std::string owner_name;
    std::string issued_on;
    std::string start_due_on;
    bool start_due_provisional = false;
    std::string record;
    std::int64_t numbered_at_ms = 0;
    std::optional<std::int64_t> published_at_ms;
    std::int64_t filed_at_ms = 0;
    std::string account_id;                  ///< who applied; empty for permits of before
    std::string confidentiality = "normal";  ///< authz::Confidentiality
};

std::optional<PermitRow> find(db::Session& session, const std::string& permit_number);
std::optional<PermitRow> find_by_application(db::Session& session, const std::string& application_id);
void insert(db::Session& session, const PermitRow& row);
/// Writes state, record and publication, with the next version. Fails with db.version_is_stale.
Result<void> save(db::Session& session, PermitRow& row);

/// A permit's number begins with its region. Only compared here: the range of the primary key is that of `Span`.
inline constexpr authz::ScopeColumns kScopeOfPermits{.account_id = "account_id",
                                                     .credit_code = "credit_code",
                                                     .region_code = "substr(permit_number, 1, 6)",
                                                     .matter_code = "matter_code",
                                                     .confidentiality = "confidentiality"};

/// Permit numbers, both ends left out.
struct Span {
    std::string after;
    std::string before = "~";
};
/// What follows the cursor, of numbers that begin with these digits of a region; none: of all.
Span span_of(const std::string& region_digits, const std::string& cursor);

/// Published ones, by their numbers.
std::vector<PermitRow> listed(db::Session& session, const authz::BoundScope& scope, const Span& span, int limit);

/// Of the case's permit, where it has one yet.
void save_confidentiality(db::Session& session, const std::string& application_id, const std::string& confidentiality);

/// Published permits that are not restricted, newest first. Empty region: all regions.
struct PublicQuery {
    std::string region_code;
    std::string text;  ///< part of works' or owner's name, or the beginning of the number
    std::int64_t before_ms = 0;
    std::string before_number;
    int limit = 50;
};
std::vector<PermitRow> published(db::Session& session, const PublicQuery& query);

/// The next serial of region, day and category, from 1, under the lock of its row.
std::int64_t take_serial(db::Session& session, const std::string& region_code, const std::string& numbered_on,
                         const std::string& works_category);

/// Records in the order of their permit numbers, those that are empty left out.
struct RecordRow {
    std::string permit_number;
    std::string record;
};
std::vector<RecordRow> records(db::Session& session, const std::string& after, int limit);
/// False when it is no longer what it was. The version stays: nothing that anybody reads has changed.
bool exchange_record(db::Session& session, const std::string& permit_number, const std::string& before,
                     const std::string& now);

}  // namespace kaigong::permits::store
