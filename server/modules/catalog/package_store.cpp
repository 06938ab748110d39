#include "modules/catalog/package_store.hpp"

#include <fmt/format.h>

#include "db/versions.hpp"

namespace kaigong::catalog::store {
namespace {

/// How many applications' changes go in one transaction.
constexpr int kForgottenAtOnce = 100;

}  // namespace

std::optional<DraftRow> find_draft(db::Session& session, const PackageTables& tables, const std::string& matter_code) {
    return session.optional_row<DraftRow>(
        fmt::format("SELECT matter_code, version, state, base_version, {}, {}, note, edited_by, edited_at_ms, "
                    "effective_from_on, submitted_by, returned_reason FROM {} WHERE matter_code = ?",
                    tables.main, tables.beside, tables.drafts),
        matter_code);
}

std::optional<std::int64_t> begin_draft(db::Session& session, const PackageTables& tables, const DraftRow& row) {
    const bool is_first = session.insert_new(
        fmt::format("INSERT INTO {} (matter_code, version, state, base_version, {}, {}, note, edited_by, edited_at_ms, "
                    "effective_from_on, submitted_by, returned_reason) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, "
                    "NULL)",
                    tables.drafts, tables.main, tables.beside),
        row.matter_code, row.state, row.base_version, row.main, row.beside, row.note, row.edited_by, row.edited_at_ms);
    if (is_first) return 1;
    // The UPDATE decides, not a SELECT before it: of two that begin at once one meets the other's row.
    const auto begun = session.execute(
        fmt::format("UPDATE {} SET version = version + 1, state = ?, base_version = ?, {} = ?, {} = ?, note = ?, "
                    "edited_by = ?, edited_at_ms = ?, effective_from_on = NULL, submitted_by = NULL, returned_reason = "
                    "NULL WHERE matter_code = ? AND state = 'none'",
                    tables.drafts, tables.main, tables.beside),
        row.state, row.base_version, row.main, row.beside, row.note, row.edited_by, row.edited_at_ms, row.matter_code);
    if (begun == 0) return std::nullopt;
    return find_draft(session, tables, row.matter_code)->version;
}

Result<void> save_draft(db::Session& session, const PackageTables& tables, DraftRow& row) {
    KAIGONG_CHECK(db::bump_version(session, tables.drafts, "matter_code", row.matter_code, row.version));
    row.version += 1;
    session.execute(
        fmt::format(
            "UPDATE {} SET state = ?, base_version = ?, {} = ?, {} = ?, note = ?, edited_by = ?, edited_at_ms = "
            "?, effective_from_on = ?, submitted_by = ?, returned_reason = ? WHERE matter_code = ?",
            tables.drafts, tables.main, tables.beside),
        row.state, row.base_version, row.main, row.beside, row.note, row.edited_by, row.edited_at_ms,
        row.effective_from_on, row.submitted_by, row.returned_reason, row.matter_code);
    return {};
}

std::optional<PreviewRow> find_preview(db::Session& session, const PackageTables& tables,
                                       const std::string& preview_id) {
    return session.optional_row<PreviewRow>(fmt::format("SELECT * FROM {} WHERE preview_id = ?", tables.previews),
                                            preview_id);
}

void begin_preview(db::Session& session, const PackageTables& tables, const PreviewRow& row) {
    session.execute(
        fmt::format("UPDATE {} SET state = 'replaced' WHERE matter_code = ? AND state IN ('running', 'done')",
                    tables.previews),
        row.matter_code);
    session.execute(
        fmt::format("INSERT INTO {} (preview_id, matter_code, state, draft_version, done, total, changed_applications, "
                    "changed_results, by_{}, started_at_ms, seen_at_ms, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
                    "?, ?, ?)",
                    tables.previews, tables.subject),
        row.preview_id, row.matter_code, row.state, row.draft_version, row.done, row.total, row.changed_applications,
        row.changed_results, row.by_subject, row.started_at_ms, row.seen_at_ms, row.failure);
}

bool save_progress(db::Session& session, const PackageTables& tables, const PreviewRow& row) {
    return session.execute(
               fmt::format("UPDATE {} SET state = ?, done = ?, total = ?, changed_applications = ?, changed_results = "
                           "?, by_{} = ?, seen_at_ms = ?, failure = ? WHERE preview_id = ? AND state = 'running'",
                           tables.previews, tables.subject),
               row.state, row.done, row.total, row.changed_applications, row.changed_results, row.by_subject,
               row.seen_at_ms, row.failure, row.preview_id) == 1;
}

void fail_previews_seen_before(db::Session& session, const PackageTables& tables, std::int64_t at_ms,
                               const std::string& failure) {
    session.execute(
        fmt::format("UPDATE {} SET state = 'failed', failure = ? WHERE state = 'running' AND seen_at_ms < ?",
                    tables.previews),
        failure, at_ms);
}

void fail_preview(db::Session& session, const PackageTables& tables, const std::string& preview_id,
                  const std::string& failure) {
    session.execute(
        fmt::format("UPDATE {} SET state = 'failed', failure = ? WHERE preview_id = ? AND state = 'running'",
                    tables.previews),
        failure, preview_id);
}

std::int64_t forget_changes(db::Session& session, const PackageTables& tables, const std::string& matter_code) {
    struct Place {
        std::string preview_id;
        std::string application_id;
    };
    const auto places = session.rows<Place>(
        fmt::format("SELECT DISTINCT c.preview_id, c.application_id FROM {} c JOIN {} p ON p.preview_id = "
                    "c.preview_id WHERE p.matter_code = ? AND p.state IN ('replaced', 'failed') LIMIT ?",
                    tables.changes, tables.previews),
        matter_code, kForgottenAtOnce);
    std::int64_t gone = 0;
    for (const auto& place : places) {
        gone +=
            session.execute(fmt::format("DELETE FROM {} WHERE preview_id = ? AND application_id = ?", tables.changes),
                            place.preview_id, place.application_id);
    }
    return gone;
}

void insert_change(db::Session& session, const PackageTables& tables, const std::string& preview_id,
                   const PreviewChangeRow& row) {
    session.execute(
        fmt::format("INSERT INTO {} (preview_id, application_id, {}, application_number, works_name, owner_name, "
                    "submitted_on, title, before_outcome, after_outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    tables.changes, tables.subject),
        preview_id, row.application_id, row.subject, row.application_number, row.works_name, row.owner_name,
        row.submitted_on, row.title, row.before_outcome, row.after_outcome);
}

std::vector<PreviewChangeRow> changes_of_case(db::Session& session, const PackageTables& tables,
                                              const std::string& preview_id, const std::string& application_id) {
    return session.rows<PreviewChangeRow>(
        fmt::format("SELECT application_id, {}, application_number, works_name, owner_name, submitted_on, title, "
                    "before_outcome, after_outcome FROM {} WHERE preview_id = ? AND application_id = ? ORDER BY {} "
                    "LIMIT 10000",
                    tables.subject, tables.changes, tables.subject),
        preview_id, application_id);
}

std::vector<PreviewChangeRow> changes_of(db::Session& session, const PackageTables& tables,
                                         const std::string& preview_id, const std::string& subject,
                                         const ChangePosition& after, int limit) {
    const auto select = fmt::format(
        "SELECT application_id, {}, application_number, works_name, owner_name, submitted_on, title, before_outcome, "
        "after_outcome FROM {} WHERE preview_id = ? AND ",
        tables.subject, tables.changes);
    if (!subject.empty()) {
        const auto of_one =
            fmt::format("{}{} = ? AND application_id < ? ORDER BY application_id DESC LIMIT ?", select, tables.subject);
        return session.rows<PreviewChangeRow>(of_one, preview_id, subject, after.application_id, limit);
    }
    const auto of_all =
        fmt::format("{}application_id <= ? AND (application_id < ? OR {} > ?) ORDER BY application_id DESC, {} LIMIT ?",
                    select, tables.subject, tables.subject);
    return session.rows<PreviewChangeRow>(of_all, preview_id, after.application_id, after.application_id, after.subject,
                                          limit);
}

}  // namespace kaigong::catalog::store
