// Previews as people ask for them; the work itself is package_preview.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "db/idempotency.hpp"
#include "modules/catalog/package_errors.hpp"
#include "modules/catalog/package_service.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr int kMonthsLookedBack = 12;
/// Above every id and every rule: the position before the first change.
constexpr const char* kBeforeAll = "~";

store::ChangePosition position_of(const std::string& cursor) {
    const auto colon = cursor.find(':');
    if (colon == std::string::npos || !is_uuid(cursor.substr(0, colon))) return {kBeforeAll, kBeforeAll};
    return {cursor.substr(0, colon), cursor.substr(colon + 1)};
}

object change_json(const store::PreviewChangeRow& row, const char* subject) {
    return {{"application_id", row.application_id},
            {"application_number", row.application_number},
            {"works_name", row.works_name},
            {"owner_name", row.owner_name},
            {"submitted_on", row.submitted_on},
            {subject, row.subject},
            {"title", row.title},
            {"before", row.before_outcome},
            {"after", row.after_outcome}};
}

}  // namespace

object PackageService::preview_json(const store::PreviewRow& row) const {
    return {{"preview_id", row.preview_id},
            {"state", row.state},
            {"done", row.done},
            {"total", row.total},
            {"started_at_ms", row.started_at_ms},
            {"draft_version", row.draft_version},
            {"changed_applications", row.changed_applications},
            {"changed_results", row.changed_results},
            {std::string("by_") + words_.tables.subject, boost::json::parse(row.by_subject)},
            {"failure", row.failure ? value(*row.failure) : value(nullptr)}};
}

Result<store::PreviewRow> PackageService::without_restricted(store::PreviewRow row) const {
    KAIGONG_TRY(restricted, parts_.restricted_cases.of_matter(row.matter_code));
    if (restricted.empty()) return row;
    auto counts = ChangeCounts::read(row.by_subject, words_.tables.subject);
    KAIGONG_TRY(hidden, parts_.database.read([&](db::Session& session) {
        std::vector<std::vector<store::PreviewChangeRow>> cases;
        for (const auto& id : restricted) {
            cases.push_back(store::changes_of_case(session, words_.tables, row.preview_id, id));
        }
        return cases;
    }));
    for (const auto& changes : hidden) {
        row.changed_applications -= changes.empty() ? 0 : 1;
        row.changed_results -= static_cast<std::int64_t>(changes.size());
        for (const auto& change : changes) counts.remove(change);
    }
    row.by_subject = counts.to_json_text(words_.tables.subject);
    return row;
}

Result<object> PackageService::start_preview(const authz::Actor& actor, const std::string& matter_code,
                                             const Retryable& request) {
    KAIGONG_CHECK(require(actor, "edit"));
    KAIGONG_TRY(package, load_package(matter_code));
    KAIGONG_TRY(draft, load_draft(matter_code));
    const auto now_ms = parts_.clock.now_ms();
    const auto since = add_months(office_date(now_ms), -kMonthsLookedBack);
    KAIGONG_TRY(trial, trial_of(package, draft, office_midnight_ms(since)));
    const auto who = acting(actor);
    store::PreviewRow row;
    row.preview_id = new_uuid(parts_.machine_clock.now_ms());
    row.matter_code = matter_code;
    row.state = "running";
    row.draft_version = draft.version;
    row.by_subject = "[]";
    row.started_at_ms = now_ms;
    row.seen_at_ms = parts_.machine_clock.now_ms();
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_TRY(preview_id, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            store::begin_preview(session, words_.tables, row);
            write_audit(session, draft, who, "preview_draft", fmt::format("用以往的办件预演{}草稿", words_.noun),
                        now_ms);
            return row.preview_id;
        });
    }));
    // A retry gets the preview that its first try began.
    if (preview_id == row.preview_id) previews_.add({row, std::move(trial)});
    return preview(actor, matter_code, preview_id);
}

Result<object> PackageService::preview(const authz::Actor& actor, const std::string& matter_code,
                                       const std::string& preview_id) {
    KAIGONG_CHECK(require(actor, "read"));
    const auto load = [&] {
        return parts_.database.read(
            [&](db::Session& session) { return store::find_preview(session, words_.tables, preview_id); });
    };
    KAIGONG_TRY(row, load());
    if (row && row->state == "running" && previews_.is_silent(*row)) {
        KAIGONG_CHECK(previews_.fail_abandoned(preview_id));
        KAIGONG_TRY(closed, load());
        row = closed;
    }
    if (!row || row->matter_code != matter_code) return preview_unknown();
    KAIGONG_TRY(known, without_restricted(std::move(*row)));
    return preview_json(known);
}

Result<object> PackageService::changes(const authz::Actor& actor, const std::string& matter_code,
                                       const std::string& preview_id, const ChangesQuery& query) {
    KAIGONG_CHECK(require(actor, "read"));
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) -> Result<std::vector<store::PreviewChangeRow>> {
        const auto row = store::find_preview(session, words_.tables, preview_id);
        if (!row || row->matter_code != matter_code) return preview_unknown();
        return store::changes_of(session, words_.tables, preview_id, query.subject, position_of(query.cursor),
                                 query.limit + 1);
    }));
    KAIGONG_TRY(restricted, parts_.restricted_cases.of_matter(matter_code));
    value next = nullptr;
    if (rows.size() > static_cast<std::size_t>(query.limit)) {
        rows.resize(static_cast<std::size_t>(query.limit));
        next = rows.back().application_id + ":" + rows.back().subject;
    }
    array list;
    for (const auto& row : rows) {
        // Restricted since the preview ran: the page is shorter, and nothing says by what.
        if (std::ranges::find(restricted, row.application_id) != restricted.end()) continue;
        list.push_back(change_json(row, words_.tables.subject));
    }
    return object{{"changes", std::move(list)}, {"next_cursor", std::move(next)}};
}

}  // namespace kaigong::catalog
