#include "modules/approval/opinions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/chinese_format.hpp"
#include "db/idempotency.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/opinion_choice.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {
namespace {

using boost::json::object;

object own_json(const store::OwnOpinionRow& row) {
    return {
        {"opinion_id", row.opinion_id}, {"version", row.version}, {"text", row.text}, {"used_count", row.used_count}};
}

}  // namespace

Result<object> Opinions::for_task(const authz::Actor& actor, const std::string& task_id) {
    KAIGONG_CHECK(service_.may_act_on(actor, task_id, kWork));
    KAIGONG_TRY(opened, service_.open_task(actor, task_id));
    KAIGONG_TRY(own, parts_.database.read([&](db::Session& session) {
        return store::own_opinions(session, actor.account_id.text, static_cast<int>(kOwnOpinionsMax));
    }));
    boost::json::array kept;
    for (const auto& row : own) kept.push_back(own_json(row));
    auto json = choice_json(*opened.matter, opened.task);
    json["own"] = std::move(kept);
    json["own_max"] = kOwnOpinionsMax;
    json["values"] =
        values_json(opened.snapshot.procedure, opened.snapshot.items, opened.task, office_date(parts_.clock.now_ms()));
    return json;
}

Result<store::OwnOpinionRow> Opinions::load(db::Session& session, const authz::Actor& actor,
                                            const std::string& opinion_id) const {
    auto row = store::find_own_opinion(session, actor.account_id.text, opinion_id);
    if (row) return std::move(*row);
    return error(Errc::not_found, "approval.not_found", "没有找到这条常用意见，可能已经删除，请刷新后再试。");
}

Result<void> Opinions::must_be_new(db::Session& session, const authz::Actor& actor, const std::string& text) const {
    const auto own = store::own_opinions(session, actor.account_id.text, static_cast<int>(kOwnOpinionsMax));
    if (std::ranges::find(own, text, &store::OwnOpinionRow::text) != own.end()) {
        return invalid_field("text", "approval.opinion_kept", "常用意见里已经有这一条，可以直接选用。");
    }
    return {};
}

Result<object> Opinions::keep(const authz::Actor& actor, const std::string& text, const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kWork));
    const auto now_ms = parts_.clock.now_ms();
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    std::string opinion_id;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto done = db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_CHECK(must_be_new(session, actor, text));
            const auto own = store::own_opinions(session, actor.account_id.text, static_cast<int>(kOwnOpinionsMax) + 1);
            if (own.size() >= kOwnOpinionsMax) {
                return error(Errc::conflict, "approval.too_many_opinions",
                             fmt::format("常用意见最多存 {} 条，请先删去不用的。", kOwnOpinionsMax));
            }
            const store::OwnOpinionRow row{new_uuid(now_ms), actor.account_id.text, 1, text, 0, now_ms};
            store::insert_own_opinion(session, row);
            return row.opinion_id;
        });
        if (!done) return done.error();
        opinion_id = *done;
        return {};
    }));
    return parts_.database.read([&](db::Session& session) -> Result<object> {
        KAIGONG_TRY(row, load(session, actor, opinion_id));
        return own_json(row);
    });
}

Result<object> Opinions::change(const authz::Actor& actor, const std::string& opinion_id, std::int64_t version,
                                const std::string& text) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kWork));
    store::OwnOpinionRow changed;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(row, load(session, actor, opinion_id));
        changed = row;
        changed.version = version;
        if (row.text != text) KAIGONG_CHECK(must_be_new(session, actor, text));
        changed.text = text;
        return store::save_own_opinion(session, changed);
    }));
    return own_json(changed);
}

Result<void> Opinions::forget(const authz::Actor& actor, const std::string& opinion_id, std::int64_t version) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kWork));
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(row, load(session, actor, opinion_id));
        row.version = version;
        return store::delete_own_opinion(session, row);
    });
}

Result<object> Opinions::use(const authz::Actor& actor, const std::string& opinion_id) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kWork));
    const auto now_ms = parts_.clock.now_ms();
    store::OwnOpinionRow used;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(row, load(session, actor, opinion_id));
        store::count_use(session, opinion_id, now_ms);
        used = row;
        used.used_count += 1;
        return {};
    }));
    return own_json(used);
}

}  // namespace kaigong::approval
