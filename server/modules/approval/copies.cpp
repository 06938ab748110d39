#include "modules/approval/copies.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/json_members.hpp"
#include "db/idempotency.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/applicant.hpp"
#include "modules/approval/candidates.hpp"
#include "modules/approval/inbox.hpp"
#include "modules/approval/list_scopes.hpp"

namespace kaigong::approval {
namespace {

using boost::json::object;
using boost::json::value;

Error not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这件申请，请从列表重新进入。");
}

object copy_json(const store::CopyRow& row, const authz::Actor& actor) {
    return {{"copy_id", row.copy_id},
            {"to_name", row.to_name},
            {"to_me", row.to_id == actor.account_id.text},
            {"copied_by", row.copied_by},
            {"note", row.note},
            {"copied_at_ms", row.copied_at_ms},
            {"read_at_ms", or_null(row.read_at_ms)}};
}

/// The one to open the case by: an open one, else the last.
std::string task_to_open(const std::vector<store::TaskRow>& tasks) {
    const auto open = std::ranges::find(tasks, std::string("open"), &store::TaskRow::state);
    if (open != tasks.end()) return open->task_id;
    return tasks.empty() ? "" : tasks.back().task_id;
}

struct Position {
    std::int64_t at_ms = std::numeric_limits<std::int64_t>::max();
    std::string copy_id;
};

/// One that is not ours reads as the first page.
Position read_cursor(const std::string& cursor) {
    Position position;
    const auto colon = cursor.find(':');
    if (colon == std::string::npos) return position;
    const auto [end, fault] = std::from_chars(cursor.data(), cursor.data() + colon, position.at_ms);
    if (fault != std::errc{} || end != cursor.data() + colon) return {};
    position.copy_id = cursor.substr(colon + 1);
    return position;
}

}  // namespace

Result<void> Copies::may_copy(const authz::Actor& actor, const std::string& application_id) const {
    return parts_.database.read([&](db::Session& session) -> Result<void> {
        const auto procedure = store::find_procedure(session, application_id);
        if (!procedure) return parts_.permissions.authorise(actor, kCopy, std::nullopt);
        return operations::may_copy(parts_.permissions, actor, *procedure, store::items_of(session, application_id),
                                    store::tasks_of(session, application_id));
    });
}

Result<object> Copies::of_case(const authz::Actor& actor, const std::string& application_id) const {
    if (actor.kind == authz::AccountKind::owner_agent) return not_found();
    KAIGONG_CHECK(approval_.may_read(actor, application_id));
    KAIGONG_TRY(rows, parts_.database.read(
                          [&](db::Session& session) { return store::copies_of_case(session, application_id); }));
    boost::json::array list;
    for (const auto& row : rows) list.push_back(copy_json(row, actor));
    boost::json::array regions;
    for (const auto& region : parts_.catalog.regions_with_authority()) {
        const auto* authority = parts_.catalog.find_authority(region);
        if (authority != nullptr) regions.push_back({{"region_code", region}, {"name", authority->name}});
    }
    const auto may = may_copy(actor, application_id);
    return object{{"copies", std::move(list)},
                  {"regions", std::move(regions)},
                  {"blocked_because", may ? value(nullptr) : value(may.error().message)}};
}

Result<object> Copies::candidates(const authz::Actor& actor, const std::string& application_id,
                                  const std::string& region_code, const std::string& text) const {
    KAIGONG_CHECK(may_copy(actor, application_id));
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        return std::pair(store::find_procedure(session, application_id),
                         store::copies_of_case(session, application_id));
    }));
    const auto& [procedure, copies] = found;
    const auto applicant = applicant_of(parts_.database, parts_.identity, *procedure);
    KAIGONG_TRY(people, parts_.identity.find_officers(
                            {.region_code = region_code.empty() ? procedure->region_code : region_code,
                             .text = text,
                             .limit = kCandidatesMax}));
    boost::json::array list;
    for (const auto& account : people) {
        const operations::Officer person{identity::actor_of(account), account.display_name};
        const auto may = operations::may_be_copied(person, actor, *procedure, copies, applicant);
        list.push_back({{"account_id", account.account_id.text},
                        {"name", account.display_name},
                        {"department_name", account.department_name},
                        {"excluded_because", may ? value(nullptr) : value(may.error().message)}});
    }
    return object{{"candidates", std::move(list)}, {"complete", people.size() < kCandidatesMax}};
}

Result<object> Copies::give(const authz::Actor& actor, const std::string& application_id,
                            const std::vector<std::string>& to, const std::string& note, const Retryable& request) {
    KAIGONG_CHECK(may_copy(actor, application_id));
    operations::NewCopies copied{{}, note};
    for (const auto& account_id : to) {
        const auto account = parts_.identity.find_account({account_id});
        if (!account || account->kind != authz::AccountKind::officer || account->state != "active") {
            return invalid_field("to", "approval.person_unknown", "没有找到这个人，或者账号已停用，请从列表中选择。");
        }
        copied.people.push_back({identity::actor_of(*account), parts_.identity.name_of(account->account_id)});
    }
    const operations::Officer officer{actor, parts_.identity.name_of(actor.account_id)};
    const auto now_ms = parts_.clock.now_ms();
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto done = db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_CHECK(operations::copy_case(session, surroundings_, parts_.permissions, officer, application_id,
                                                copied, now_ms));
            return std::string("{}");
        });
        if (!done) return done.error();
        return {};
    }));
    return of_case(actor, application_id);
}

store::CopyReader Copies::reader_of(const authz::Actor& actor) const {
    return {scope_of(parts_.permissions, actor, kReceiveCopies, kScopeOfCopies),
            std::string(authz::to_string(actor.clearance))};
}

std::int64_t Copies::unread(db::Session& session, const authz::Actor& actor) const {
    return store::unread_copies(session, reader_of(actor), kCountMax);
}

Result<object> Copies::list(const authz::Actor& actor, const std::string& cursor, int limit) const {
    KAIGONG_CHECK(parts_.permissions.require(actor, kReceiveCopies));
    const auto from = read_cursor(cursor);
    return parts_.database.read([&](db::Session& session) -> Result<object> {
        auto rows = store::copies_for(session, reader_of(actor), from.at_ms, from.copy_id, limit + 1);
        value next_cursor = nullptr;
        if (rows.size() > static_cast<std::size_t>(limit)) {
            rows.resize(static_cast<std::size_t>(limit));
            next_cursor = std::to_string(rows.back().copied_at_ms) + ":" + rows.back().copy_id;
        }
        boost::json::array list;
        for (const auto& row : rows) {
            auto json = copy_json(row, actor);
            json["application_id"] = row.application_id;
            json["application_number"] = row.application_number;
            json["works_name"] = row.works_name;
            json["owner_name"] = row.owner_name;
            json["task_id"] = task_to_open(store::tasks_of(session, row.application_id));
            list.push_back(std::move(json));
        }
        return object{
            {"rows", std::move(list)}, {"next_cursor", std::move(next_cursor)}, {"unread", unread(session, actor)}};
    });
}

Result<object> Copies::read(const authz::Actor& actor, const std::string& copy_id) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kReceiveCopies));
    KAIGONG_TRY(copy, parts_.database.read([&](db::Session& session) { return store::find_copy(session, copy_id); }));
    if (!copy) return not_found();
    KAIGONG_CHECK(approval_.may_read(actor, copy->application_id));
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(parts_.database.transact(
        [&](db::Session& session) { return operations::read_copy(session, actor, copy_id, now_ms); }));
    KAIGONG_TRY(row,
                parts_.database.read([&](db::Session& session) { return store::find_copy(session, copy_id).value(); }));
    return copy_json(row, actor);
}

}  // namespace kaigong::approval
