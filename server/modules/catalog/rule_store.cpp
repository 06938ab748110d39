#include "modules/catalog/rule_store.hpp"

#include "db/versions.hpp"

namespace kaigong::catalog::store {
namespace {

/// How many applications' changes go in one transaction.
constexpr int kForgottenAtOnce = 100;

}  // namespace

std::optional<DraftRow> find_draft(db::Session& session, const std::string& matter_code) {
    return session.optional_row<DraftRow>("SELECT * FROM rule_drafts WHERE matter_code = ?", matter_code);
}

std::optional<std::int64_t> begin_draft(db::Session& session, const DraftRow& row) {
    const bool is_first = session.insert_new(
        "INSERT INTO rule_drafts (matter_code, version, state, base_version, rules, examples, note, edited_by, "
        "edited_at_ms, effective_from_on, submitted_by, returned_reason) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, NULL, "
        "NULL, NULL)",
        row.matter_code, row.state, row.base_version, row.rules, row.examples, row.note, row.edited_by,
        row.edited_at_ms);
    if (is_first) return 1;
    // The UPDATE decides, not a SELECT before it: of two that begin at once one meets the other's row.
    const auto begun = session.execute(
        "UPDATE rule_drafts SET version = version + 1, state = ?, base_version = ?, rules = ?, examples = ?, note = ?, "
        "edited_by = ?, edited_at_ms = ?, effective_from_on = NULL, submitted_by = NULL, returned_reason = NULL WHERE "
        "matter_code = ? AND state = 'none'",
        row.state, row.base_version, row.rules, row.examples, row.note, row.edited_by, row.edited_at_ms,
        row.matter_code);
    if (begun == 0) return std::nullopt;
    return find_draft(session, row.matter_code)->version;
}

Result<void> save_draft(db::Session& session, DraftRow& row) {
    KAIGONG_CHECK(db::bump_version(session, "rule_drafts", "matter_code", row.matter_code, row.version));
    row.version += 1;
    session.execute(
        "UPDATE rule_drafts SET state = ?, base_version = ?, rules = ?, examples = ?, note = ?, edited_by = ?, "
        "edited_at_ms = ?, effective_from_on = ?, submitted_by = ?, returned_reason = ? WHERE matter_code = ?",
        row.state, row.base_version, row.rules, row.examples, row.note, row.edited_by, row.edited_at_ms,
        row.effective_from_on, row.submitted_by, row.returned_reason, row.matter_code);
    return {};
}

std::optional<PreviewRow> find_preview(db::Session& session, const std::string& preview_id) {
    return session.optional_row<PreviewRow>("SELECT * FROM rule_previews WHERE preview_id = ?", preview_id);
}

void begin_preview(db::Session& session, const PreviewRow& row) {
    session.execute(
        "UPDATE rule_previews SET state = 'replaced' WHERE matter_code = ? AND state IN ('running', 'done')",
        row.matter_code);
    session.execute(
        "INSERT INTO rule_previews (preview_id, matter_code, state, draft_version, done, total, changed_applications, "
        "changed_results, by_rule, started_at_ms, seen_at_ms, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.preview_id, row.matter_code, row.state, row.draft_version, row.done, row.total, row.changed_applications,
        row.changed_results, row.by_rule, row.started_at_ms, row.seen_at_ms, row.failure);
}

bool save_progress(db::Session& session, const PreviewRow& row) {
    return session.execute(
               "UPDATE rule_previews SET state = ?, done = ?, total = ?, changed_applications = ?, changed_results = "
               "?, by_rule = ?, seen_at_ms = ?, failure = ? WHERE preview_id = ? AND state = 'running'",
               row.state, row.done, row.total, row.changed_applications, row.changed_results, row.by_rule,
               row.seen_at_ms, row.failure, row.preview_id) == 1;
}

void fail_previews_seen_before(db::Session& session, std::int64_t at_ms, const std::string& failure) {
    session.execute("UPDATE rule_previews SET state = 'failed', failure = ? WHERE state = 'running' AND seen_at_ms < ?",
                    failure, at_ms);
}

void fail_preview(db::Session& session, const std::string& preview_id, const std::string& failure) {
    session.execute("UPDATE rule_previews SET state = 'failed', failure = ? WHERE preview_id = ? AND state = 'running'",
                    failure, preview_id);
}

std::int64_t forget_changes(db::Session& session, const std::string& matter_code) {
    struct Place {
        std::string preview_id;
        std::string application_id;
    };
    const auto places = session.rows<Place>(
        "SELECT DISTINCT c.preview_id, c.application_id FROM rule_preview_changes c JOIN rule_previews p ON "
        "p.preview_id = c.preview_id WHERE p.matter_code = ? AND p.state IN ('replaced', 'failed') LIMIT ?",
        matter_code, kForgottenAtOnce);
    std::int64_t gone = 0;
    for (const auto& place : places) {
        gone += session.execute("DELETE FROM rule_preview_changes WHERE preview_id = ? AND application_id = ?",
                                place.preview_id, place.application_id);
    }
    return gone;
}

void insert_change(db::Session& session, const std::string& preview_id, const PreviewChangeRow& row) {
    session.execute(
        "INSERT INTO rule_preview_changes (preview_id, application_id, rule, application_number, works_name, "
        "owner_name, submitted_on, title, before_outcome, after_outcome) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        preview_id, row.application_id, row.rule, row.application_number, row.works_name, row.owner_name,
        row.submitted_on, row.title, row.before_outcome, row.after_outcome);
}

std::vector<PreviewChangeRow> changes_of(db::Session& session, const std::string& preview_id, const std::string& rule,
                                         const ChangePosition& after, int limit) {
    constexpr const char* kOfAll =
        "SELECT application_id, rule, application_number, works_name, owner_name, submitted_on, title, before_outcome, "
        "after_outcome FROM rule_preview_changes WHERE preview_id = ? AND application_id <= ? AND (application_id < ? "
        "OR rule > ?) ORDER BY application_id DESC, rule LIMIT ?";
    constexpr const char* kOfOne =
        "SELECT application_id, rule, application_number, works_name, owner_name, submitted_on, title, before_outcome, "
        "after_outcome FROM rule_preview_changes WHERE preview_id = ? AND rule = ? AND application_id < ? ORDER BY "
        "application_id DESC LIMIT ?";
    if (!rule.empty()) return session.rows<PreviewChangeRow>(kOfOne, preview_id, rule, after.application_id, limit);
    return session.rows<PreviewChangeRow>(kOfAll, preview_id, after.application_id, after.application_id, after.rule,
                                          limit);
}

}  // namespace kaigong::catalog::store
