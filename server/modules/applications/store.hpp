// Tables of applications: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"
#include "base/result.hpp"

namespace kaigong::applications::store {

struct ApplicationRow {
    std::string application_id;
    std::int64_t version = 1;
    std::string matter_code;
    std::string catalog_version;
    std::string account_id;
    std::string credit_code;
    std::optional<std::string> application_number;
    std::string region_code;
    std::string owner_name;
    std::string works_name;
    std::string works_category;
    std::int64_t round = 0;
    std::string form;
    std::string committed;
    std::string remarks;
    std::int64_t created_at_ms = 0;
    std::int64_t updated_at_ms = 0;
    std::optional<std::int64_t> received_at_ms;
};

struct SubmissionRow {
    std::string application_id;
    std::int64_t round = 0;
    std::int64_t submitted_at_ms = 0;
    std::string account_id;
    std::string form;
    std::string findings;
    std::string materials;
    std::string remarks;
    std::string answers;
    std::string declarations;
    std::string changed_fields;
    std::string required_items;
    std::string blocking_rules;
};

std::optional<ApplicationRow> find(db::Session& session, const std::string& application_id);
void insert(db::Session& session, const ApplicationRow& row);
/// Writes all that may change, with the next version. Fails with db.version_is_stale.
Result<void> save(db::Session& session, ApplicationRow& row);
/// Moves `updated_at_ms` on, and so holds the row until the transaction ends; false when there is no such row. The
/// value always changes: a cluster of databases tells colliding writers apart by what changed, not by locks.
bool touch(db::Session& session, const std::string& application_id, std::int64_t at_ms);
Result<void> remove(db::Session& session, const ApplicationRow& row);

/// Confidentiality is approval's to know, and the list is the applicants': it is kept from officers, not from them.
inline constexpr authz::ScopeColumns kScopeOfApplications{.account_id = "account_id",
                                                          .credit_code = "credit_code",
                                                          .region_code = "region_code",
                                                          .matter_code = "matter_code"};

/// Newest change first, after the position (at_ms, id).
std::vector<ApplicationRow> listed(db::Session& session, const authz::BoundScope& scope, std::int64_t before_ms,
                                   const std::string& before_id, int limit);

std::optional<SubmissionRow> find_submission(db::Session& session, const std::string& application_id,
                                             std::int64_t round);
std::vector<SubmissionRow> submissions_of(db::Session& session, const std::string& application_id);
void insert_submission(db::Session& session, const SubmissionRow& row);

/// An application with the round it filed last.
struct FiledRow {
    std::string application_id;
    std::string application_number;
    std::string matter_code;
    std::string catalog_version;
    std::string account_id;
    std::string credit_code;
    std::string region_code;
    std::string works_name;
    std::string owner_name;
    std::int64_t round = 0;
    std::int64_t submitted_at_ms = 0;
    std::string form;
    std::string materials;
    std::string changed_fields;
};
std::int64_t count_filed(db::Session& session, const std::string& matter_code, std::int64_t since_ms);
std::vector<FiledRow> filed_page(db::Session& session, const std::string& matter_code, std::int64_t since_ms,
                                 const std::string& after, int limit);

/// The next serial of a region and year, from 1; the counter's row is locked until the transaction ends.
std::int64_t take_serial(db::Session& session, const std::string& region_code, int year);

/// Forms of drafts, in the order of their ids.
struct DraftFormRow {
    std::string application_id;
    std::string matter_code;
    std::string catalog_version;
    std::string form;
};
std::vector<DraftFormRow> draft_forms(db::Session& session, const std::string& after, int limit);
/// False when the form is no longer what it was. The version stays: nothing that anybody reads has changed.
bool exchange_draft_form(db::Session& session, const std::string& application_id, const std::string& before,
                         const std::string& now);

/// Forms of rounds with the key under which their numbers are indexed (empty: not yet).
struct RoundFormRow {
    std::string application_id;
    std::int64_t round = 0;
    std::string matter_code;
    std::string catalog_version;
    std::string form;
    std::string indexed_key_id;
};
std::vector<RoundFormRow> round_forms(db::Session& session, const std::string& after_id, std::int64_t after_round,
                                      int limit);
bool exchange_round_form(db::Session& session, const std::string& application_id, std::int64_t round,
                         const std::string& before, const std::string& now);
/// Instead of what was there for the round.
void set_persons(db::Session& session, const std::string& application_id, std::int64_t round, const std::string& key_id,
                 const std::vector<std::string>& indexes);
/// Applications with a round that has the number, newest first, at most `limit`.
std::vector<std::string> applications_of_person(db::Session& session, const std::string& person_index, int limit);

}  // namespace kaigong::applications::store
