#include "modules/identity/people.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "http/reply.hpp"
#include "modules/identity/people_input.hpp"

namespace kaigong::identity {
namespace {

using authz::AccountKind;
using authz::Role;
using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

constexpr std::array<std::string_view, 11> kOutcomes{
    "signed_in", "password_right", "provider_right", "wrong_password",      "wrong_factor",       "locked",
    "blocked",   "stepped_up",     "provider_only",  "emergency_signed_in", "first_password_over"};
constexpr std::string_view kResetAct = "accounts.reset_factors";

Error not_there() {
    return error(Errc::not_found, "identity.not_found", "没有找到这个账号，请从“人员”列表重新进入。");
}

Error changed_meanwhile() {
    return error(Errc::precondition_failed, "identity.account_changed", "这个账号刚被别人改过，请刷新后再改。");
}

/// An administrator without an area administers the whole installation; the applicant's side has no area.
bool administers(const authz::Actor& actor, std::string_view region_code) {
    return actor.region_code.empty() || authz::region_contains(actor.region_code, region_code);
}

}  // namespace

object People::person_json(db::Session& session, const store::AccountRow& row) const {
    const auto account = shared_.accounts.of_row(row);
    array roles;
    for (const auto role : account.roles) roles.emplace_back(to_string(role));
    array matters;
    for (const auto& matter : account.matters) matters.emplace_back(matter);
    array kinds;
    for (const auto kind : factors_.kinds_of(session, account.account_id)) kinds.emplace_back(to_string(kind));
    const auto locked_until_ms = sign_in_.locks().locked_until_ms(session, row, shared_.now_ms());
    return {{"account_id", row.account_id},
            {"account_name", row.account_name},
            {"display_name", account.display_name},
            {"kind", row.kind},
            {"state", row.state},
            {"state_reason", text_or_null(row.state_reason)},
            {"locked_until_ms", locked_until_ms > 0 ? boost::json::value(locked_until_ms) : nullptr},
            {"organisation_name", row.organisation_name},
            {"department", text_or_null(row.department)},
            {"department_name", text_or_null(row.department_name)},
            {"region_code", text_or_null(row.region_code)},
            {"post", text_or_null(row.post)},
            {"phone", text_or_null(masked_phone(account.phone))},
            {"roles", std::move(roles)},
            {"matters", std::move(matters)},
            {"clearance", row.clearance},
            {"factor_kinds", std::move(kinds)},
            {"created_at_ms", row.created_at_ms},
            {"version", row.version}};
}

Result<http::Reply> People::list(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.read"));
    KAIGONG_TRY(page, http::page_of(request));
    KAIGONG_TRY(query, read_people_query(request));
    KAIGONG_CHECK(read_cursor(page.cursor, query));
    query.limit = static_cast<int>(page.limit) + 1;
    KAIGONG_TRY(found, shared_.parts.database.read([&](db::Session& session) {
        auto rows = store::people(session, query);
        const bool more = rows.size() > static_cast<std::size_t>(page.limit);
        if (more) rows.pop_back();
        array list;
        for (const auto& row : rows) list.push_back(person_json(session, row));
        return object{{"accounts", std::move(list)},
                      {"next_cursor",
                       more ? boost::json::value(rows.back().region_code + "/" + rows.back().account_name) : nullptr}};
    }));
    return http::json_reply(std::move(found));
}

Result<store::AccountRow> People::administered(db::Session& session, const Request& request,
                                               bool of_this_version) const {
    const auto& id = request.path_parameter("account_id");
    auto row = is_uuid(id) ? store::find_account(session, id) : std::nullopt;
    if (!row || !administers(request.actor(), row->region_code)) return not_there();
    if (!of_this_version) return std::move(*row);
    if (shared_.accounts.same_person(session, row->account_id, request.actor().account_id.text)) {
        return error(Errc::forbidden, "identity.own_account",
                     "这是您自己的账号（或您的另一个账号），不能由您管理，请由另一位管理员办理。");
    }
    if (row->version != request.if_match || !store::raise_version(session, row->account_id, row->version)) {
        return changed_meanwhile();
    }
    return std::move(*row);
}

Result<http::Reply> People::show(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.read"));
    KAIGONG_TRY(shown, shared_.parts.database.read([&](db::Session& session) -> Result<object> {
        KAIGONG_TRY(row, administered(session, request, false));
        auto json = person_json(session, row);
        json["id_number"] = id_numbers_.facts_of(session, row);
        json["sessions"] = sessions_.list(session, row.account_id, "");
        array organisations;
        for (const auto& one : store::memberships_of_account(session, row.account_id, kOrganisationsOfOneMax)) {
            organisations.push_back({{"organisation_id", one.organisation_id},
                                     {"organisation_name", one.organisation_name},
                                     {"credit_code", one.credit_code},
                                     {"duty", one.duty},
                                     {"state", one.organisation_state}});
        }
        json["organisations"] = std::move(organisations);
        array proposals;
        for (const auto& one : authz::two_person::of_subject(session, "account", row.account_id)) {
            if (!one.is_open(shared_.now_ms())) continue;
            proposals.push_back({{"proposal_id", one.proposal_id},
                                 {"act", one.act},
                                 {"reason", one.reason},
                                 {"proposed_by", one.proposed_by},
                                 {"proposed_at_ms", one.proposed_at_ms}});
        }
        json["proposals"] = std::move(proposals);
        const auto until_ms = factors_.enrolment_code_until_ms(session, {row.account_id});
        json["enrolment_code_needed"] = sign_in_.is_enrolment_code_needed(session, row);
        json["enrolment_code_until_ms"] = until_ms ? boost::json::value(*until_ms) : nullptr;
        return json;
    }));
    const auto version = shown.at("version").as_int64();
    return http::json_reply(std::move(shown)).with_version(version);
}

template <class Body>
Result<http::Reply> People::act(const Request& request, const char* act, const std::string& summary, Body body) {
    KAIGONG_TRY(shown, shared_.parts.database.transact([&](db::Session& session) -> Result<object> {
        KAIGONG_TRY(row, administered(session, request, true));
        KAIGONG_CHECK(body(session, row));
        const auto by = store::find_account(session, request.actor().account_id.text);
        shared_.audit(session, {row.account_id, act, request.actor().account_id.text,
                                by ? shared_.accounts.of_row(*by).display_name : "", summary, row.version});
        return person_json(session, store::find_account(session, row.account_id).value());
    }));
    const auto version = shown.at("version").as_int64();
    return http::json_reply(std::move(shown)).with_version(version);
}

/// Without a last one of a kind nobody could ever be given that right again.
Result<void> People::check_not_last(db::Session& session, const store::AccountRow& row) const {
    for (const auto role : shared_.accounts.of_row(row).roles) {
        if (!is_administrators(role) || row.state != "active") continue;
        if (store::hold_others_over_with_role(session, std::string(to_string(role)), row) == 0) {
            return error(Errc::conflict, "identity.last_administrator",
                         "这是管理该区划的最后一位此类管理员，请先设立另一位管理同一区划（或更大区划）的管理员。");
        }
    }
    return {};
}

Result<http::Reply> People::create(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.create"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto typed_name = reader.text("account_name", {.length_max = kAccountNameMax});
    const auto kind = authz::parse_account_kind(reader.text("kind", {.length_max = 20}));
    const bool staff = kind == AccountKind::officer || kind == AccountKind::administrator;
    KAIGONG_TRY(wanted, read_person(reader, staff ? *kind : AccountKind::officer));
    if (!staff) {
        return invalid_field("kind", "identity.kind_refused", "这里只能新建工作人员或管理员账号；申请人请自行注册。");
    }
    if (!administers(request.actor(), wanted.place.region_code)) {
        return invalid_field("region_code", "identity.outside_area", "只能在您管理的行政区划内新建账号。");
    }
    KAIGONG_TRY(account_name, account_name_of(typed_name));
    const auto password = initial_password();
    KAIGONG_TRY(hash, shared_.passwords.hash(password));
    const auto now_ms = shared_.now_ms();
    store::AccountRow row;
    row.account_id = new_id<authz::AccountId>(now_ms).text;
    row.account_name = account_name;
    row.password_hash = hash;
    row.display_name = shared_.accounts.sealed_name(row.account_id, wanted.display_name);
    row.kind = to_string(*kind);
    row.organisation_name = wanted.place.organisation_name;
    row.department = wanted.place.department;
    row.department_name = wanted.place.department_name;
    row.region_code = wanted.place.region_code;
    row.post = wanted.place.post;
    row.roles = "[]";
    row.matters = "[]";
    row.clearance = "normal";
    row.state = "active";
    row.created_at_ms = now_ms;
    row.password_changed_at_ms = now_ms;
    row.password_initial = true;
    const auto by = person_of(request);
    KAIGONG_TRY(made, shared_.parts.database.transact([&](db::Session& session) -> Result<object> {
        if (!store::insert_account(session, row, {}, {})) {
            return invalid_field("account_name", "identity.account_name_taken", "这个账号名已被使用，请换一个。");
        }
        shared_.audit(session,
                      {row.account_id, "identity.create_account", by.account_id.text, by.name, "新建账号，未授权"});
        return person_json(session, store::find_account(session, row.account_id).value());
    }));
    made["initial_password"] = password;
    made["initial_password_until_ms"] = now_ms + shared_.parts.policy.first_password_ms;
    return http::json_reply(std::move(made), 201);
}

/// A right is one in a department and an area: whoever moves somebody, and with him what he may do, would give rights
/// without the security administrator.
Result<void> People::take_rights_of_who_moves(db::Session& session, const store::AccountRow& row,
                                              const store::Place& place) const {
    const bool moves = row.department != place.department || row.region_code != place.region_code;
    if (!moves || row.roles == "[]") return {};
    KAIGONG_CHECK(check_not_last(session, row));
    KAIGONG_CHECK(sign_in_.check_not_last_emergency(session, row));
    store::set_roles(session, row.account_id, "[]", "[]", "normal");
    return {};
}

Result<http::Reply> People::change(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.change"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    KAIGONG_TRY(wanted, read_person(reader, AccountKind::administrator));
    return act(request, "identity.change_account", "修改人员资料",
               [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                   if (row.kind == "owner_agent") {
                       return error(Errc::forbidden, "identity.not_staff", "申请人的资料由其本人维护。");
                   }
                   if (row.kind == "officer" && (wanted.place.department.empty() || wanted.place.region_code.empty())) {
                       return invalid_field("department", "identity.place_missing",
                                            "工作人员要写明部门和 6 位行政区划代码。");
                   }
                   if (!administers(request.actor(), wanted.place.region_code)) {
                       return invalid_field("region_code", "identity.outside_area", "只能调动到您管理的行政区划内。");
                   }
                   KAIGONG_CHECK(take_rights_of_who_moves(session, row, wanted.place));
                   auto place = wanted.place;
                   place.display_name = shared_.accounts.sealed_name(row.account_id, wanted.display_name);
                   store::set_place(session, row.account_id, place);
                   return {};
               });
}

Result<http::Reply> People::grant(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.grant"));
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    KAIGONG_TRY(wanted, read_rights(request));
    const auto text = roles_text(wanted.roles);
    return act(request, "identity.grant_roles", "授权：" + text,
               [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                   KAIGONG_CHECK(check_roles(authz::parse_account_kind(row.kind).value(), wanted.roles));
                   if (text != row.roles) KAIGONG_CHECK(check_not_last(session, row));
                   if (wanted.roles.empty()) KAIGONG_CHECK(sign_in_.check_not_last_emergency(session, row));
                   store::set_roles(session, row.account_id, text, texts_text(wanted.matters),
                                    std::string(to_string(wanted.clearance)));
                   return {};
               });
}

/// What he began goes on through nobody: no colleague confirms what he proposed. His deputies are asked each time.
Result<void> People::block_account(db::Session& session, const store::AccountRow& row,
                                   const authz::two_person::Person& by, const std::string& reason) {
    KAIGONG_CHECK(check_not_last(session, row));
    KAIGONG_CHECK(sign_in_.check_not_last_emergency(session, row));
    store::remove_sessions_of(session, row.account_id, "");
    store::withdraw_invitations_of(session, row.account_id);
    authz::two_person::withdraw_all_of(session, {row.account_id}, by, "提出人的账号已停用", shared_.now_ms());
    store::set_state(session, row.account_id, "blocked", reason);
    return {};
}

Result<http::Reply> People::block(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.block"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", {.length_max = 300});
    KAIGONG_CHECK(reader.finish());
    const auto by = person_of(request);
    return act(
        request, "identity.block_account", "停用账号，登录已退出，待确认的提议已撤回",
        [&](db::Session& session, const store::AccountRow& row) { return block_account(session, row, by, reason); });
}

Result<http::Reply> People::unblock(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.block"));
    return act(request, "identity.unblock_account", "恢复账号",
               [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                   store::set_state(session, row.account_id, "active", "");
                   return {};
               });
}

Result<http::Reply> People::unlock(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.unlock"));
    return act(request, "identity.unlock_account", "解除登录锁定",
               [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                   sign_in_.locks().lift(session, row);
                   return {};
               });
}

/// Shown once, to be changed at the first sign-in; what he had signed in with before ends.
Result<http::Reply> People::give_password(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.give_password"));
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const auto password = initial_password();
    KAIGONG_TRY(hash, shared_.passwords.hash(password));
    const auto now_ms = shared_.now_ms();
    KAIGONG_CHECK(act(request, "identity.give_password", "重置密码，登录已退出",
                      [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                          if (row.kind == "owner_agent") {
                              return error(Errc::forbidden, "identity.not_staff", "申请人凭手机验证码自行找回密码。");
                          }
                          KAIGONG_CHECK(sign_in_.check_not_last_emergency(session, row));
                          store::add_former_password(session, row.account_id, row.password_hash, now_ms);
                          store::set_password(session, row.account_id, hash, now_ms, true);
                          store::remove_sessions_of(session, row.account_id, "");
                          return {};
                      }));
    return http::json_reply(object{{"initial_password", password},
                                   {"initial_password_until_ms", now_ms + shared_.parts.policy.first_password_ms}});
}

/// Who gave the password is not who gives this: the owner alone has both. Shown once.
Result<http::Reply> People::give_enrolment_code(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.give_enrolment_code"));
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const auto until_ms = shared_.now_ms() + shared_.parts.policy.first_password_ms;
    std::string code;
    KAIGONG_CHECK(act(request, "identity.give_enrolment_code", "发放两步验证绑定码",
                      [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                          if (row.kind == "owner_agent") {
                              return error(Errc::forbidden, "identity.not_staff",
                                           "申请人自行绑定两步验证，不需要绑定码。");
                          }
                          KAIGONG_TRY(given, factors_.give_enrolment_code(session, {row.account_id}, until_ms));
                          code = given;
                          return {};
                      }));
    return http::json_reply(object{{"enrolment_code", code}, {"enrolment_code_until_ms", until_ms}});
}

Result<http::Reply> People::end_sessions(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.end_sessions"));
    return act(request, "identity.end_sessions", "安全管理员结束全部登录",
               [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                   store::remove_sessions_of(session, row.account_id, "");
                   return {};
               });
}

authz::two_person::Person People::person_of(const Request& request) const {
    const auto me = request.actor().account_id;
    const auto name = shared_.parts.database.read([&](db::Session& session) {
        const auto row = store::find_account(session, me.text);
        return row ? shared_.accounts.of_row(*row).display_name : std::string();
    });
    return {me, name.value_or(""), [this, me](db::Session& session, const authz::AccountId& other) {
                return shared_.accounts.same_person(session, me.text, other.text);
            }};
}

/// Who can take away somebody's second factor and knows a password is somebody else: two persons.
Result<http::Reply> People::propose_factor_reset(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.propose_factor_reset"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", {.length_max = 300});
    KAIGONG_CHECK(reader.finish());
    const auto by = person_of(request);
    return act(
        request, "identity.propose_factor_reset", "提议重置两步验证",
        [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
            KAIGONG_CHECK(sign_in_.check_not_last_emergency(session, row));
            KAIGONG_CHECK(authz::two_person::propose(
                session, {std::string(kResetAct), "account", row.account_id, "{}", reason}, by, shared_.now_ms()));
            return {};
        });
}

Result<http::Reply> People::confirm_factor_reset(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.reset_factors"));
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const auto by = person_of(request);
    return act(request, "identity.reset_factors", "重置两步验证，登录已退出",
               [&](db::Session& session, const store::AccountRow& row) -> Result<void> {
                   KAIGONG_TRY(proposal, authz::two_person::confirm(session, request.path_parameter("proposal_id"),
                                                                    kResetAct, by, shared_.now_ms()));
                   if (proposal.subject_id != row.account_id) return not_there();
                   KAIGONG_CHECK(sign_in_.check_not_last_emergency(session, row));
                   factors_.reset_all(session, {row.account_id}, request.actor().account_id);
                   store::remove_sessions_of(session, row.account_id, "");
                   return {};
               });
}

Result<http::Reply> People::list_sign_ins(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "sign_ins.read"));
    KAIGONG_TRY(page, http::page_of(request));
    KAIGONG_CHECK(check_id_cursor(page));
    store::SignInQuery query;
    query.account_id = request.query_parameter("account_id").value_or("");
    query.outcome = request.query_parameter("outcome").value_or("");
    KAIGONG_CHECK(check_filter("outcome", query.outcome, kOutcomes));
    if (!query.account_id.empty() && !is_uuid(query.account_id)) {
        return invalid_field("account_id", "identity.filter_unknown", "账号编号不对，请从“人员”列表进入。");
    }
    query.area = area_of(request.actor());
    query.before_id = page.cursor;
    query.limit = static_cast<int>(page.limit) + 1;
    KAIGONG_TRY(shown, shared_.parts.database.read([&](db::Session& session) {
        auto rows = store::sign_ins(session, query);
        const bool more = rows.size() > static_cast<std::size_t>(page.limit);
        if (more) rows.pop_back();
        array list;
        for (const auto& row : rows) {
            auto json = sessions_.sign_in_json(row);
            const auto account = store::find_account(session, row.account_id);
            json["account_id"] = text_or_null(row.account_id);
            json["account_name"] = account ? boost::json::value(account->account_name) : nullptr;
            list.push_back(std::move(json));
        }
        return object{{"sign_ins", std::move(list)},
                      {"next_cursor", more ? boost::json::value(rows.back().entry_id) : nullptr}};
    }));
    return http::json_reply(std::move(shown));
}

/// The whole table, for the page that answers 「谁能办这件事」 and 「这个人能办什么」.
Result<http::Reply> People::rights(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "rights.read"));
    array grants;
    for (const auto& grant : shared_.permissions.grants()) {
        grants.push_back(
            {{"role", to_string(grant.role)}, {"action", grant.action}, {"scope", to_string(grant.scope)}});
    }
    return http::json_reply(object{{"grants", std::move(grants)}});
}

std::vector<http::Endpoint> People::routes() {
    const auto on = [this](Result<http::Reply> (People::*handler)(const Request&)) {
        return [this, handler](const Request& request) { return (this->*handler)(request); };
    };
    const std::string all = "/api/v1/admin/accounts";
    const std::string one = "/api/v1/admin/accounts/{account_id}";
    const http::Needs version{.if_match = true};
    using http::Pool;
    return {
        {.method = Method::get,
         .path = all,
         .action = "accounts.read",
         .query = {"cursor", "limit", "kind", "state", "role", "query"},
         .handler = on(&People::list)},
        {.method = Method::post,
         .path = all,
         .action = "accounts.create",
         .pool = Pool::slow,
         .handler = on(&People::create)},
        {.method = Method::get, .path = one, .action = "accounts.read", .handler = on(&People::show)},
        {.method = Method::put,
         .path = one,
         .action = "accounts.change",
         .needs = version,
         .handler = on(&People::change)},
        {.method = Method::put,
         .path = one + "/rights",
         .action = "accounts.grant",
         .needs = version,
         .handler = on(&People::grant)},
        {.method = Method::post,
         .path = one + "/blocking",
         .action = "accounts.block",
         .needs = version,
         .handler = on(&People::block)},
        {.method = Method::post,
         .path = one + "/unblocking",
         .action = "accounts.block",
         .needs = version,
         .handler = on(&People::unblock)},
        {.method = Method::post,
         .path = one + "/unlocking",
         .action = "accounts.unlock",
         .needs = version,
         .handler = on(&People::unlock)},
        {.method = Method::post,
         .path = one + "/password",
         .action = "accounts.give_password",
         .pool = Pool::slow,
         .needs = version,
         .handler = on(&People::give_password)},
        {.method = Method::post,
         .path = one + "/enrolment-code",
         .action = "accounts.give_enrolment_code",
         .needs = version,
         .handler = on(&People::give_enrolment_code)},
        {.method = Method::del,
         .path = one + "/sessions",
         .action = "accounts.end_sessions",
         .needs = version,
         .handler = on(&People::end_sessions)},
        {.method = Method::post,
         .path = one + "/factor-resets",
         .action = "accounts.propose_factor_reset",
         .needs = version,
         .handler = on(&People::propose_factor_reset)},
        {.method = Method::post,
         .path = one + "/factor-resets/{proposal_id}/confirmation",
         .action = "accounts.reset_factors",
         .needs = version,
         .handler = on(&People::confirm_factor_reset)},
        {.method = Method::get,
         .path = "/api/v1/admin/sign-ins",
         .action = "sign_ins.read",
         .query = {"cursor", "limit", "account_id", "outcome"},
         .handler = on(&People::list_sign_ins)},
        {.method = Method::get,
         .path = "/api/v1/admin/rights",
         .action = "rights.read",
         .handler = on(&People::rights)},
    };
}

}  // namespace kaigong::identity
