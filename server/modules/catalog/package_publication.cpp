// From a draft to a version: submitted by one, published by another, withdrawn before its day.
#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "db/idempotency.hpp"
#include "modules/catalog/package_errors.hpp"
#include "modules/catalog/package_service.hpp"
#include "modules/catalog/store.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;

/// Who changed the draft last or submitted it does not publish it: two persons have looked at it.
Result<void> must_be_another(const store::DraftRow& row, const authz::Actor& actor) {
    const auto& me = actor.account_id.text;
    if (row.edited_by == me || row.submitted_by == me) return same_person();
    return {};
}

/// Nor another account of theirs.
Result<void> must_be_another_human(db::Session& session, identity::Identity& identity, const store::DraftRow& row,
                                   const authz::Actor& actor) {
    for (const auto& id : {row.edited_by, row.submitted_by.value_or(row.edited_by)}) {
        if (identity.same_person(session, actor.account_id, {id})) return same_person();
    }
    return {};
}

Result<void> must_wait(const store::DraftRow& row) {
    if (row.state != "waiting") return draft_not_submitted();
    return {};
}

/// A name says the day and the contents. The same rules may come into force again on the same day: then it is counted.
std::string free_name(const MatterVersions& versions, const MatterFiles& files, const std::string& effective_from_on) {
    auto name = version_of(files, effective_from_on);
    if (versions.find(name) == nullptr) return name;
    for (int count = 2;; ++count) {
        auto numbered = fmt::format("{}-{}", name, count);
        if (versions.find(numbered) == nullptr) return numbered;
    }
}

/// What the base brings of other files must not take effect before its own day.
Result<void> must_not_precede_base(const KeptVersion* base, const std::string& effective_from_on) {
    if (base == nullptr || effective_from_on >= base->effective_from_on) return {};
    return invalid_field(
        "effective_from_on", "catalog.effective_before_base",
        fmt::format("草稿依据的版本自 {} 起生效，生效日期不能早于它，请改选日期。", base->effective_from_on));
}

}  // namespace

Result<void> PackageService::must_have_no_blockers(const Package& package, const store::DraftRow& row) const {
    const auto found = checked(package, row).blockers;
    if (!found.empty()) return draft_has_blockers(found);
    return {};
}

Result<object> PackageService::submit(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                      const Submission& submission, const Retryable& request) {
    KAIGONG_CHECK(require(actor, "edit"));
    KAIGONG_TRY(package, load_package(matter_code));
    if (submission.effective_from_on < package.today) {
        return invalid_field("effective_from_on", "catalog.effective_in_the_past",
                             "生效日期不能早于今天，请改选日期。");
    }
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_TRY(done, was_done(once));
    if (!done) {
        KAIGONG_TRY(row, load_draft(matter_code));
        if (row.state == "waiting") return draft_waits();
        KAIGONG_CHECK(must_not_precede_base(package.versions->find(row.base_version), submission.effective_from_on));
        KAIGONG_CHECK(must_have_no_blockers(package, row));
    }
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_TRY(row, draft_in(session, matter_code, version));
            if (row.state == "waiting") return draft_waits();
            row.state = "waiting";
            row.effective_from_on = submission.effective_from_on;
            row.submitted_by = actor.account_id.text;
            row.returned_reason.reset();
            if (!submission.note.empty()) row.note = submission.note;
            KAIGONG_CHECK(store::save_draft(session, words_.tables, row));
            write_audit(session, row, who, "submit_draft",
                        fmt::format("提交{}草稿，拟自 {} 起生效", words_.noun, submission.effective_from_on), now_ms);
            return std::string("{}");
        });
    }));
    return draft(actor, matter_code);
}

Result<object> PackageService::give_back(const authz::Actor& actor, const std::string& matter_code,
                                         std::int64_t version, const std::string& reason, const Retryable& request) {
    KAIGONG_CHECK(require(actor, "edit"));
    KAIGONG_CHECK(load_package(matter_code));
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_TRY(row, draft_in(session, matter_code, version));
            KAIGONG_CHECK(must_wait(row));
            row.state = "editing";
            row.effective_from_on.reset();
            row.submitted_by.reset();
            row.returned_reason = reason;
            KAIGONG_CHECK(store::save_draft(session, words_.tables, row));
            write_audit(session, row, who, "return_draft", fmt::format("退回{}草稿", words_.noun), now_ms);
            return std::string("{}");
        });
    }));
    return draft(actor, matter_code);
}

Result<MatterFiles> PackageService::files_to_publish(const Package& package, const store::DraftRow& row) const {
    const auto* base = package.versions->find(row.base_version);
    if (base == nullptr) return version_unknown();
    return this->published(package, row, *base->files);
}

Result<object> PackageService::publish(const authz::Actor& actor, const std::string& matter_code, std::int64_t version,
                                       const Retryable& request) {
    KAIGONG_CHECK(require(actor, "publish"));
    KAIGONG_TRY(package, load_package(matter_code));
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    const auto once = once_of(actor, request, now_ms);
    KAIGONG_TRY(done, was_done(once));
    if (!done) KAIGONG_CHECK(authz::Permissions::require_recent(actor));
    store::VersionRow published{matter_code, "", "", now_ms, ""};
    const auto newest_ms = package.versions->all().front().published_at_ms;
    if (!done) {
        KAIGONG_TRY(row, load_draft(matter_code));
        KAIGONG_CHECK(must_wait(row));
        KAIGONG_CHECK(must_be_another(row, actor));
        if (row.version != version) return draft_changed();
        KAIGONG_CHECK(must_have_no_blockers(package, row));
        KAIGONG_TRY(files, files_to_publish(package, row));
        // Nothing takes effect before it is published: the day that was meant may have gone by in between.
        published.effective_from_on = std::max(row.effective_from_on.value_or(""), package.today);
        published.version = free_name(*package.versions, files, published.effective_from_on);
        for (const auto& other : package.versions->all()) {
            published.published_at_ms = std::max(published.published_at_ms, other.published_at_ms + 1);
        }
        published.files = to_json_text(files);
        KAIGONG_CHECK(
            LoadedMatter::read(files, {}, LoadedMatter::Naming{published.version, published.effective_from_on}));
    }
    KAIGONG_TRY(name, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_TRY(row, draft_in(session, matter_code, version));
            KAIGONG_CHECK(must_wait(row));
            KAIGONG_CHECK(must_be_another_human(session, parts_.identity, row, actor));
            // The other kind of package has a draft of its own, which no lock of this one holds.
            if (store::newest_publication(session, matter_code) != newest_ms) return draft_changed();
            const store::PublicationRow publication{matter_code,   published.version,     row.base_version,
                                                    row.edited_by, actor.account_id.text, row.note};
            empty_draft(row);
            KAIGONG_CHECK(store::save_draft(session, words_.tables, row));
            if (!store::insert(session, published)) return draft_changed();
            store::insert_publication(session, publication);
            write_audit(
                session, row, who, "publish",
                fmt::format("发布{}版本 {}，自 {} 起生效", words_.noun, published.version, published.effective_from_on),
                now_ms);
            return published.version;
        });
    }));
    KAIGONG_CHECK(parts_.catalog.refresh());
    return version_json(matter_code, name);
}

Result<object> PackageService::withdraw(const authz::Actor& actor, const std::string& matter_code,
                                        const std::string& version, const std::string& reason,
                                        const Retryable& request) {
    KAIGONG_CHECK(require(actor, "publish"));
    KAIGONG_TRY(package, load_package(matter_code));
    const auto* found = package.versions->find(version);
    if (found == nullptr) return version_unknown();
    const auto now_ms = parts_.clock.now_ms();
    const auto who = acting(actor);
    const auto once = once_of(actor, request, now_ms);
    const bool waits = package.versions->state_of(*found, package.today) == VersionState::waiting;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            // The key decides between two that withdraw at once; a retry of the one that went through is answered.
            if (!waits ||
                !store::insert_withdrawal(session, matter_code, version, actor.account_id.text, now_ms, reason)) {
                return version_in_force();
            }
            parts_.audit.write(session,
                               {words_.audit_type, matter_code, 0, action("withdraw_version"), who.account_id, who.name,
                                fmt::format("撤回还没有生效的{}版本 {}", words_.noun, version), now_ms});
            return std::string("{}");
        });
    }));
    KAIGONG_CHECK(parts_.catalog.refresh());
    return version_json(matter_code, version);
}

}  // namespace kaigong::catalog
