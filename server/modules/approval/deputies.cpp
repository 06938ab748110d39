#include "modules/approval/deputies.hpp"

#include <algorithm>

#include "base/json_members.hpp"
#include "db/idempotency.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/candidates.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/list_scopes.hpp"
#include "modules/approval/operations/deputy_access.hpp"

namespace kaigong::approval {
namespace {

constexpr int kListMax = 200;

Error deputyship_not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这次代理，请刷新列表。");
}

std::string_view state_of(const store::DeputyshipRow& row, std::int64_t now_ms) {
    if (row.ended_at_ms) return "ended";
    if (now_ms >= row.until_at_ms) return "over";
    return now_ms < row.from_at_ms ? "planned" : "in_force";
}

/// Also of somebody whose account is blocked: his deputyships are still to be ended.
std::optional<identity::Account> officer_account(identity::Identity& identity, const std::string& account_id) {
    auto account = identity.find_account({account_id});
    if (account && account->kind != authz::AccountKind::officer) return std::nullopt;
    return account;
}

}  // namespace

operations::Officer Deputies::officer(const authz::Actor& actor) const {
    return {actor, parts_.identity.name_of(actor.account_id)};
}

std::vector<operations::Absent> Deputies::absent_for(const authz::Actor& actor) const {
    std::vector<operations::Absent> list;
    if (actor.kind != authz::AccountKind::officer) return list;
    const auto now_ms = parts_.clock.now_ms();
    const auto rows = parts_.database.read(
        [&](db::Session& session) { return store::in_force_for(session, actor.account_id.text, now_ms); });
    if (!rows) return list;
    const operations::Officer deputy{actor, ""};
    for (const auto& row : *rows) {
        const auto account = parts_.identity.find_account({row.absent_id});
        // Whoever is blocked does nothing, through others neither.
        if (!account || account->kind != authz::AccountKind::officer || account->state != "active") continue;
        operations::Officer absent{identity::actor_of(*account), account->display_name};
        // Standing in for somebody lends his tasks, never his clearance.
        absent.actor.clearance = std::min(absent.actor.clearance, actor.clearance);
        if (!may_stand_in(deputy, absent)) continue;
        list.push_back({absent.actor, parts_.identity.name_of(account->account_id), row.absent_name, row.deputyship_id,
                        row.deputy_name});
    }
    return list;
}

Result<operations::Officer> Deputies::person(const std::string& account_id, const char* field) const {
    const auto account = officer_account(parts_.identity, account_id);
    if (!account || account->state != "active") {
        return invalid_field(field, "approval.person_unknown", "没有找到这个人，或者账号已停用，请从列表中选择。");
    }
    return operations::Officer{identity::actor_of(*account), account->display_name};
}

boost::json::object Deputies::json_of(const authz::Actor& actor, const store::DeputyshipRow& row) const {
    const auto state = state_of(row, parts_.clock.now_ms());
    const bool goes_on = state == "planned" || state == "in_force";
    const auto absent = officer_account(parts_.identity, row.absent_id);
    const bool may_end = goes_on && absent &&
                         operations::may_change_deputies(parts_.permissions, {actor, ""}, identity::actor_of(*absent));
    return {{"deputyship_id", row.deputyship_id},
            {"version", row.version},
            {"absent_name", row.absent_name},
            {"deputy_name", row.deputy_name},
            {"is_absent", row.absent_id == actor.account_id.text},
            {"is_deputy", row.deputy_id == actor.account_id.text},
            {"from_on", to_string(office_date(row.from_at_ms))},
            {"through_on", to_string(office_date(row.until_at_ms - 1))},
            {"state", state},
            {"reason", row.reason},
            {"named_by", row.named_by},
            {"named_at_ms", row.named_at_ms},
            {"ended_at_ms", or_null(row.ended_at_ms)},
            {"ended_by", or_null(row.ended_by)},
            {"end_reason", or_null(row.end_reason)},
            {"may_end", may_end}};
}

Result<boost::json::object> Deputies::list(const authz::Actor& actor, const std::string& whose) const {
    KAIGONG_CHECK(parts_.permissions.require(actor, kNameDeputy));
    if (whose != "mine" && whose != "department") {
        return invalid_field("whose", "approval.whose_unknown", "范围只能是 mine 或 department。");
    }
    const bool leads = actor.has(authz::Role::deciding_leader) || actor.has(authz::Role::section_head);
    // A deputyship is somebody's and of no kind of case.
    auto of_any_kind = actor;
    of_any_kind.matters.clear();
    const auto scope = scope_of(parts_.permissions, of_any_kind, kNameDeputy, kScopeOfDeputyships);
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) -> std::vector<store::DeputyshipRow> {
        if (whose == "mine" || !leads) return store::deputyships_of(session, actor.account_id.text, kListMax);
        return store::deputyships_in(session, scope, kListMax);
    }));
    boost::json::array list;
    for (const auto& row : rows) list.push_back(json_of(actor, row));
    return boost::json::object{{"deputyships", std::move(list)}, {"may_name_for_others", leads}};
}

Result<boost::json::object> Deputies::candidates(const authz::Actor& actor, const std::string& of,
                                                 const std::string& absent_id, const std::string& text) const {
    KAIGONG_CHECK(parts_.permissions.require(actor, kNameDeputy));
    if (of != "absent" && of != "deputy") {
        return invalid_field("of", "approval.whose_unknown", "名单只能是 absent 或 deputy。");
    }
    const bool of_deputies = of == "deputy";
    KAIGONG_TRY(absent, person(absent_id.empty() ? actor.account_id.text : absent_id, "absent"));
    if (of_deputies) KAIGONG_CHECK(operations::may_change_deputies(parts_.permissions, {actor, ""}, absent.actor));
    const bool leads_all = !of_deputies && actor.has(authz::Role::deciding_leader);
    const auto& near = of_deputies ? absent.actor : actor;
    KAIGONG_TRY(people, parts_.identity.find_officers({.region_code = near.region_code,
                                                       .department = leads_all ? "" : near.department,
                                                       .text = text,
                                                       .limit = kCandidatesMax}));
    boost::json::array list;
    for (const auto& account : people) {
        const operations::Officer one{identity::actor_of(account), account.display_name};
        const auto may = of_deputies ? may_stand_in(one, absent)
                                     : operations::may_change_deputies(parts_.permissions, {actor, ""}, one.actor);
        list.push_back(
            {{"account_id", account.account_id.text},
             {"name", account.display_name},
             {"department_name", account.department_name},
             {"excluded_because", may ? boost::json::value(nullptr) : boost::json::value(may.error().message)}});
    }
    return boost::json::object{{"candidates", std::move(list)}, {"complete", people.size() < kCandidatesMax}};
}

Result<std::string> Deputies::once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                                   const std::function<Result<std::string>(db::Session&)>& body) {
    const db::IdempotentRequest one{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    return parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, one, [&] { return body(session); });
    });
}

Result<boost::json::object> Deputies::show(const authz::Actor& actor, const std::string& deputyship_id) const {
    KAIGONG_TRY(row, parts_.database.read(
                         [&](db::Session& session) { return store::find_deputyship(session, deputyship_id); }));
    if (!row) return deputyship_not_found();
    return json_of(actor, *row);
}

Result<boost::json::object> Deputies::name(const authz::Actor& actor, const DeputyWish& wish,
                                           const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kNameDeputy));
    KAIGONG_TRY(absent, person(wish.absent_id.empty() ? actor.account_id.text : wish.absent_id, "absent"));
    KAIGONG_CHECK(operations::may_change_deputies(parts_.permissions, {actor, ""}, absent.actor));
    KAIGONG_TRY(deputy, person(wish.deputy_id, "deputy"));
    const operations::NewDeputyship named{absent, deputy, office_midnight_ms(wish.from_on),
                                          office_midnight_ms(add_days(wish.through_on, 1)), wish.reason};
    const auto who = officer(actor);
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_TRY(id, once(actor, request, now_ms, [&](db::Session& session) {
                    return operations::name_deputy(session, surroundings_, parts_.permissions, who, named, now_ms);
                }));
    return show(actor, id);
}

Result<boost::json::object> Deputies::end(const authz::Actor& actor, const std::string& deputyship_id,
                                          std::int64_t version, const std::string& reason, const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kNameDeputy));
    KAIGONG_TRY(row, parts_.database.read(
                         [&](db::Session& session) { return store::find_deputyship(session, deputyship_id); }));
    if (!row) return parts_.permissions.authorise(actor, kNameDeputy, std::nullopt).error();
    const auto absent = officer_account(parts_.identity, row->absent_id);
    if (!absent) return deputyship_not_found();
    const operations::DeputyshipEnd end{deputyship_id, version, identity::actor_of(*absent), reason};
    const auto who = officer(actor);
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(once(actor, request, now_ms, [&](db::Session& session) -> Result<std::string> {
        KAIGONG_CHECK(operations::end_deputyship(session, surroundings_, parts_.permissions, who, end, now_ms));
        return deputyship_id;
    }));
    return show(actor, deputyship_id);
}

}  // namespace kaigong::approval
