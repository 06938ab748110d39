// The tables of drafts and previews: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::catalog::store {

/// Where one kind of package is kept; constants of this module.
struct PackageTables {
    const char* drafts;
    const char* main;    ///< column of the text that is edited
    const char* beside;  ///< column of what goes with it, JSON
    const char* previews;
    const char* changes;
    const char* subject;  ///< column of what changes; `by_…` of a preview counts by it
};
inline constexpr PackageTables kRuleTables{"rule_drafts",          "rules", "examples", "rule_previews",
                                           "rule_preview_changes", "rule"};
inline constexpr PackageTables kProcessTables{"process_drafts",          "process", "called", "process_previews",
                                              "process_preview_changes", "subject"};

/// `state`: none, editing, waiting.
struct DraftRow {
    std::string matter_code;
    std::int64_t version = 1;
    std::string state;
    std::string base_version;
    std::string main;    ///< the rules, or the process
    std::string beside;  ///< the examples of the rules, or the processes that are called: JSON
    std::string note;
    std::string edited_by;
    std::int64_t edited_at_ms = 0;
    std::optional<std::string> effective_from_on;
    std::optional<std::string> submitted_by;
    std::optional<std::string> returned_reason;
};

std::optional<DraftRow> find_draft(db::Session& session, const PackageTables& tables, const std::string& matter_code);
/// Begins a draft where there is none; gives its version, or nothing where there is one.
std::optional<std::int64_t> begin_draft(db::Session& session, const PackageTables& tables, const DraftRow& row);
/// Writes everything but the key, with the next version. Fails with db.version_is_stale.
Result<void> save_draft(db::Session& session, const PackageTables& tables, DraftRow& row);

/// `state`: running, done, failed, replaced.
struct PreviewRow {
    std::string preview_id;
    std::string matter_code;
    std::string state;
    std::int64_t draft_version = 0;
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::int64_t changed_applications = 0;
    std::int64_t changed_results = 0;
    std::string by_subject;
    std::int64_t started_at_ms = 0;
    std::int64_t seen_at_ms = 0;
    std::optional<std::string> failure;
};

struct PreviewChangeRow {
    std::string application_id;
    std::string subject;  ///< a rule, or what changes in the process
    std::string application_number;
    std::string works_name;
    std::string owner_name;
    std::string submitted_on;
    std::string title;
    std::string before_outcome;
    std::string after_outcome;
};

std::optional<PreviewRow> find_preview(db::Session& session, const PackageTables& tables,
                                       const std::string& preview_id);
/// Marks those of the matter that run or are done as replaced, and adds this one.
void begin_preview(db::Session& session, const PackageTables& tables, const PreviewRow& row);
/// False when it no longer runs: replaced by a newer one, or ended.
bool save_progress(db::Session& session, const PackageTables& tables, const PreviewRow& row);
/// Those that ran and were last seen before that instant.
void fail_previews_seen_before(db::Session& session, const PackageTables& tables, std::int64_t at_ms,
                               const std::string& failure);
void fail_preview(db::Session& session, const PackageTables& tables, const std::string& preview_id,
                  const std::string& failure);
/// Removes changes of a matter's replaced previews, some at a time; gives how many are gone.
std::int64_t forget_changes(db::Session& session, const PackageTables& tables, const std::string& matter_code);

void insert_change(db::Session& session, const PackageTables& tables, const std::string& preview_id,
                   const PreviewChangeRow& row);
struct ChangePosition {
    std::string application_id;
    std::string subject;
};
/// What one case would have come to otherwise.
std::vector<PreviewChangeRow> changes_of_case(db::Session& session, const PackageTables& tables,
                                              const std::string& preview_id, const std::string& application_id);
/// Newest application first, after the position; `subject` empty: of all.
std::vector<PreviewChangeRow> changes_of(db::Session& session, const PackageTables& tables,
                                         const std::string& preview_id, const std::string& subject,
                                         const ChangePosition& after, int limit);

}  // namespace kaigong::catalog::store
