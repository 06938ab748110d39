#include "modules/identity/organisations.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "base/log.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"
#include "formats/identifier/identifier.hpp"
#include "http/reply.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

struct OrganisationTag;
using OrganisationId = Id<OrganisationTag>;

constexpr int kMembersMax = 500;
constexpr int kInvitationsMax = 100;
/// Registered by one person and not verified yet: who registers the codes of others does not get far.
constexpr int kPendingMax = 5;
constexpr int kEndedAtOnce = 100;
constexpr std::size_t kTokenBytes = 32;
constexpr std::array<std::string_view, 3> kStates{"pending", "active", "rejected"};
constexpr std::array kDuties{JsonName<std::string_view>{kAdminDuty, kAdminDuty},
                             JsonName<std::string_view>{kAgentDuty, kAgentDuty}};

Error not_there() {
    return error(Errc::not_found, "identity.not_found", "没有找到这个单位，请从“我的单位”重新进入。");
}

Error changed_meanwhile() {
    return error(Errc::conflict, "identity.organisation_changed", "这个单位刚被别人处理过，请刷新后再看。");
}

Error invitation_void() {
    return error(Errc::not_found, "identity.invitation_void",
                 "邀请链接无效、已使用或已过期，请联系邀请您的单位重新发送。");
}

object organisation_json(const store::OrganisationRow& row) {
    return {{"organisation_id", row.organisation_id},
            {"credit_code", row.credit_code},
            {"organisation_name", row.organisation_name},
            {"state", row.state},
            {"state_reason", text_or_null(row.state_reason)},
            {"created_at_ms", row.created_at_ms},
            {"version", row.version}};
}

Error not_as_seen() {
    return error(Errc::precondition_failed, "identity.organisation_changed",
                 "您看过以后这个单位的登记有了变化，请刷新后重新核对。");
}

Result<void> applicants_side(const authz::Actor& actor) {
    if (actor.kind == authz::AccountKind::owner_agent) return {};
    return error(Errc::forbidden, "identity.not_for_staff", "工作人员账号不能代表申报单位，请另行注册。");
}

struct Invitation {
    std::string contact;
    std::string duty;
    std::string authority_reference;
    std::string valid_through_on;
};

Result<Invitation> read_invitation(const Request& request, CivilDate today) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Invitation wanted;
    const auto phone = reader.text("phone", {.length_max = 20});
    wanted.duty = reader.one_of<std::string_view>("duty", kDuties);
    wanted.authority_reference = reader.text("authority_reference", {.length_max = 200});
    const auto through = reader.optional_date("valid_through_on");
    KAIGONG_CHECK(reader.finish());
    const auto number = phone_of(phone);
    if (!number) {
        return invalid_field("phone", "identity.phone_malformed", "请填写被邀请人的 11 位手机号码。");
    }
    if (through && *through < today) {
        return invalid_field("valid_through_on", "identity.authority_over",
                             "授权期限已经过去，请填写今天或以后的日期。");
    }
    wanted.contact = *number;
    wanted.valid_through_on = through ? to_string(*through) : "";
    return wanted;
}

}  // namespace

void Organisations::join(db::Session& session, const Account& account, std::int64_t now_ms) const {
    auto row = store::find_organisation_by_code(session, account.credit_code);
    if (!row) {
        row = {new_id<OrganisationId>(now_ms).text,
               account.credit_code,
               account.organisation_name,
               "active",
               account.account_id.text,
               "system",
               1,
               now_ms};
        // Two at once: the other one's row counts.
        if (!store::insert_organisation(session, *row)) {
            row = store::find_organisation_by_code(session, account.credit_code);
        }
    }
    store::insert_membership(
        session, {new_id<OrganisationId>(now_ms).text, row->organisation_id, account.account_id.text, kAdminDuty,
                  "active", "", "", "system", now_ms, "", "", 0});
    store::set_acting_for(session, account.account_id.text, row->organisation_id);
}

Result<void> Organisations::place(db::Session& session, store::OrganisationRow& row) const {
    if (store::insert_organisation(session, row)) return {};
    const auto seen = store::find_organisation_by_code(session, row.credit_code);
    if (!seen || seen->state != "rejected") {
        return error(Errc::conflict, "identity.organisation_registered",
                     "这个单位已经登记。请由该单位的管理员邀请您；如管理员已离职，请携带营业执照到窗口办理。");
    }
    if (!store::change_organisation(session, *seen, row)) return changed_meanwhile();
    store::end_memberships_of(session, seen->organisation_id, row.registered_by, "重新登记", shared_.now_ms());
    row.organisation_id = seen->organisation_id;
    row.version = seen->version + 1;
    row.created_at_ms = seen->created_at_ms;
    return {};
}

/// A code alone proves nothing: until the office has verified it, nobody acts for it.
Result<http::Reply> Organisations::register_organisation(const Request& request) {
    KAIGONG_CHECK(applicants_side(request.actor()));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto credit_code = reader.text("credit_code", {.length_min = 18, .length_max = 18});
    const auto name = reader.text("organisation_name", {.length_max = 200});
    const auto authority = reader.optional_text("authority_reference", {.length_max = 200}).value_or("");
    KAIGONG_CHECK(reader.finish());
    if (!identifier::credit_code_valid(credit_code)) {
        return invalid_field("credit_code", "identity.credit_code_malformed",
                             "统一社会信用代码不对，请按营业执照核对 18 位代码。");
    }
    const auto now_ms = shared_.now_ms();
    const auto& by = request.actor().account_id.text;
    store::OrganisationRow row{new_id<OrganisationId>(now_ms).text, credit_code, name, "pending", by, "", 1, now_ms};
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        store::hold_account(session, by);
        const auto mine = store::memberships_of_account(session, by, kOrganisationsOfOneMax);
        const auto pending = std::ranges::count(mine, "pending", &store::ActingRow::organisation_state);
        if (mine.size() >= kOrganisationsOfOneMax || pending >= kPendingMax) {
            return error(Errc::conflict, "identity.too_many_organisations",
                         "您登记的单位太多，或还有多个单位在等待核验。请等核验结束后再登记。");
        }
        KAIGONG_CHECK(place(session, row));
        store::insert_membership(session, {new_id<OrganisationId>(now_ms).text, row.organisation_id, by, kAdminDuty,
                                           "active", authority, "", by, now_ms, "", "", 0});
        shared_.audit(session, {by, "identity.register_organisation", by, by, "登记单位 " + credit_code});
        return {};
    }));
    return http::json_reply(organisation_json(row), 201);
}

Result<http::Reply> Organisations::list_mine(const Request& request) {
    const auto& by = request.actor().account_id.text;
    KAIGONG_TRY(rows, shared_.parts.database.read([&](db::Session& session) {
        return store::memberships_of_account(session, by, kOrganisationsOfOneMax);
    }));
    array list;
    for (const auto& row : rows) {
        list.push_back(
            {{"organisation_id", row.organisation_id},
             {"organisation_name", row.organisation_name},
             {"credit_code", row.credit_code},
             {"state", row.organisation_state},
             {"state_reason", text_or_null(row.state_reason)},
             {"duty", row.duty},
             {"valid_through_on", text_or_null(row.valid_through_on)},
             {"current", row.organisation_state == "active" && row.credit_code == request.actor().credit_code}});
    }
    return http::json_reply(object{{"organisations", std::move(list)}});
}

Result<store::OrganisationRow> Organisations::administered(db::Session& session, const Request& request) const {
    const auto& by = request.actor().account_id.text;
    const auto& id = request.path_parameter("organisation_id");
    const bool administers = is_uuid(id) && store::is_admin(session, id, by, to_string(shared_.today()));
    auto row = administers ? store::find_organisation(session, id) : std::nullopt;
    if (!row) return not_there();
    return std::move(*row);
}

Result<http::Reply> Organisations::show(const Request& request) {
    KAIGONG_TRY(shown, shared_.parts.database.read([&](db::Session& session) -> Result<object> {
        KAIGONG_TRY(row, administered(session, request));
        array members;
        for (const auto& member : store::members_of(session, row.organisation_id, kMembersMax)) {
            const auto account = store::find_account(session, member.account_id);
            if (!account) continue;
            const auto person = shared_.accounts.of_row(*account);
            members.push_back({{"membership_id", member.membership_id},
                               {"display_name", person.display_name},
                               {"account_name", person.account_name},
                               {"phone", text_or_null(masked_phone(person.phone))},
                               {"duty", member.duty},
                               {"authority_reference", text_or_null(member.authority_reference)},
                               {"valid_through_on", text_or_null(member.valid_through_on)},
                               {"created_at_ms", member.created_at_ms},
                               {"self", member.account_id == request.actor().account_id.text}});
        }
        array invitations;
        for (const auto& one : store::open_invitations(session, row.organisation_id, kInvitationsMax)) {
            const auto contact =
                crypto::open_field(shared_.parts.key_ring, {"invitations", "contact", one.invitation_id}, one.contact);
            invitations.push_back({{"invitation_id", one.invitation_id},
                                   {"phone", masked_phone(contact.value())},
                                   {"duty", one.duty},
                                   {"over", one.expires_at_ms <= shared_.now_ms()},
                                   {"expires_at_ms", one.expires_at_ms}});
        }
        auto json = organisation_json(row);
        json["members"] = std::move(members);
        json["invitations"] = std::move(invitations);
        return json;
    }));
    return http::json_reply(std::move(shown));
}

Result<void> Organisations::count_invitation(const Request& request, const std::string& phone) {
    const auto now_ms = shared_.now_ms();
    if (by_one_.take(request.actor().account_id.text, now_ms) && to_one_.take(phone, now_ms)) return {};
    return error(Errc::rate_limited, "identity.invited_too_often",
                 "邀请发送得太频繁，请一小时后再发；先前发出的邀请链接仍可使用。");
}

Result<http::Reply> Organisations::invite(const Request& request) {
    KAIGONG_TRY(wanted, read_invitation(request, shared_.today()));
    if (!shared_.messages.can_send()) return messages_unavailable();
    // Who does not administer it must not use up what may be sent to a phone.
    KAIGONG_CHECK(shared_.parts.database.read([&](db::Session& session) { return administered(session, request); }));
    KAIGONG_CHECK(count_invitation(request, wanted.contact));
    const auto now_ms = shared_.now_ms();
    const auto token = crypto::random_token(kTokenBytes);
    const auto& by = request.actor().account_id.text;
    store::InvitationRow row;
    row.invitation_id = new_id<OrganisationId>(now_ms).text;
    row.duty = wanted.duty;
    row.authority_reference = wanted.authority_reference;
    row.valid_through_on = wanted.valid_through_on;
    row.contact =
        crypto::seal_field(shared_.parts.key_ring, {"invitations", "contact", row.invitation_id}, wanted.contact)
            .value();
    row.token_hash = token_hash(token);
    row.state = "open";
    row.invited_by = by;
    row.created_at_ms = now_ms;
    row.expires_at_ms = now_ms + shared_.parts.policy.invitation_ms;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(organisation, administered(session, request));
        if (organisation.state != "active") {
            return error(Errc::conflict, "identity.organisation_pending", "单位还没有通过核验，核验后才能邀请经办人。");
        }
        if (store::open_invitations(session, organisation.organisation_id, kInvitationsMax).size() >= kInvitationsMax) {
            return error(Errc::conflict, "identity.too_many_invitations", "未接受的邀请太多，请先撤回不需要的。");
        }
        row.organisation_id = organisation.organisation_id;
        store::insert_invitation(session, row);
        // The token stands behind #, so that no server and no proxy writes it down.
        const auto words = fmt::format("【开工】{} 邀请您担任经办人，7 天内打开 {}/app/join#{} 接受邀请。",
                                       organisation.organisation_name, shared_.parts.public_url, token);
        shared_.messages.post(session, {"sms", "invitation", wanted.contact, words}, now_ms);
        shared_.audit(session, {by, "identity.invite", by, by, "邀请经办人，单位 " + organisation.credit_code});
        return {};
    }));
    return http::json_reply(object{{"invitation_id", row.invitation_id}, {"expires_at_ms", row.expires_at_ms}}, 201);
}

Result<http::Reply> Organisations::withdraw_invitation(const Request& request) {
    const auto& by = request.actor().account_id.text;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(organisation, administered(session, request));
        const auto& id = request.path_parameter("invitation_id");
        const auto row = is_uuid(id) ? store::find_invitation(session, id) : std::nullopt;
        const bool theirs = row && row->organisation_id == organisation.organisation_id;
        if (!theirs || !store::close_invitation(session, row->invitation_id, "withdrawn", by)) return invitation_void();
        shared_.audit(session, {by, "identity.withdraw_invitation", by, by, "撤回邀请"});
        return {};
    }));
    return http::no_content();
}

/// His sessions under this organisation end in the same transaction: the next request of his is nobody's.
void Organisations::end(db::Session& session, const store::MembershipRow& member, const std::string& by_id,
                        const std::string& reason, std::int64_t now_ms) const {
    if (!store::end_membership(session, member.membership_id, by_id, reason, now_ms)) return;
    store::remove_sessions_for(session, member.account_id, member.organisation_id);
    // Or he comes back by a link that he sent himself.
    store::withdraw_invitations_by(session, member.organisation_id, member.account_id);
    const auto account = store::find_account(session, member.account_id);
    if (account && account->acting_for == member.organisation_id) store::set_acting_for(session, member.account_id, "");
    // Tokens that other systems hold for him are bound to it (oauth, account_stamp): invited again, he agrees again.
    if (account) store::raise_version(session, member.account_id, account->version);
    shared_.audit(session, {member.account_id, "identity.end_membership", by_id, by_id, "授权委托终止，登录已退出"});
}

Result<http::Reply> Organisations::remove_member(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", {.length_max = 500});
    KAIGONG_CHECK(reader.finish());
    const auto& by = request.actor().account_id.text;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(organisation, administered(session, request));
        const auto& id = request.path_parameter("membership_id");
        const auto member = is_uuid(id) ? store::find_membership(session, id) : std::nullopt;
        const bool theirs = member && member->organisation_id == organisation.organisation_id;
        if (!theirs || member->state != "active") {
            return error(Errc::not_found, "identity.not_found", "没有找到这位经办人，可能已经移除。");
        }
        const auto day = to_string(shared_.today());
        const auto admins = store::hold_admins(session, organisation.organisation_id, day);
        if (admins <= 1 && store::is_admin(session, organisation.organisation_id, member->account_id, day)) {
            return error(Errc::conflict, "identity.last_admin", "单位至少要有一位管理员，请先邀请另一位管理员。");
        }
        end(session, *member, by, reason, shared_.now_ms());
        return {};
    }));
    return http::no_content();
}

Result<store::InvitationRow> Organisations::open_invitation(db::Session& session, const std::string& token) const {
    auto row = store::find_invitation_by_token(session, token_hash(token));
    if (!row || row->state != "open" || row->expires_at_ms <= shared_.now_ms()) return invitation_void();
    // Who invited must still be somebody to invite.
    const auto today = to_string(shared_.today());
    if (!store::is_admin(session, row->organisation_id, row->invited_by, today)) return invitation_void();
    return std::move(*row);
}

Result<http::Reply> Organisations::view_invitation(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto token = reader.text("token", {.length_max = 100});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(shown, shared_.parts.database.read([&](db::Session& session) -> Result<object> {
        KAIGONG_TRY(row, open_invitation(session, token));
        const auto organisation = store::find_organisation(session, row.organisation_id);
        if (!organisation) return invitation_void();
        return object{{"organisation_name", organisation->organisation_name},
                      {"credit_code", organisation->credit_code},
                      {"duty", row.duty},
                      {"authority_reference", text_or_null(row.authority_reference)},
                      {"valid_through_on", text_or_null(row.valid_through_on)},
                      {"expires_at_ms", row.expires_at_ms}};
    }));
    return http::json_reply(std::move(shown));
}

Result<http::Reply> Organisations::accept_invitation(const Request& request) {
    KAIGONG_CHECK(applicants_side(request.actor()));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto token = reader.text("token", {.length_max = 100});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(living, sessions_.of_request(request));
    const auto& by = living.account;
    const auto now_ms = shared_.now_ms();
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        // Of two invitations into one organisation the second must see the first.
        store::hold_account(session, by.account_id);
        KAIGONG_TRY(row, open_invitation(session, token));
        const auto mine = store::memberships_of_account(session, by.account_id, kOrganisationsOfOneMax);
        if (std::ranges::find(mine, row.organisation_id, &store::ActingRow::organisation_id) != mine.end()) {
            return error(Errc::conflict, "identity.member_already", "您已经是这个单位的经办人，不需要再接受邀请。");
        }
        if (!store::close_invitation(session, row.invitation_id, "accepted", by.account_id)) return invitation_void();
        store::insert_membership(
            session, {new_id<OrganisationId>(now_ms).text, row.organisation_id, by.account_id, row.duty, "active",
                      row.authority_reference, row.valid_through_on, row.invited_by, now_ms, "", "", 0});
        store::set_session_organisation(session, living.row.session_hash, row.organisation_id);
        store::set_acting_for(session, by.account_id, row.organisation_id);
        shared_.audit(session, {by.account_id, "identity.accept_invitation", by.account_id, by.account_name,
                                "接受邀请，成为经办人"});
        return {};
    }));
    return http::no_content();
}

Result<http::Reply> Organisations::list_for_office(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "organisations.read"));
    KAIGONG_TRY(page, http::page_of(request));
    const std::string state(request.query_parameter("state").value_or(""));
    KAIGONG_CHECK(check_filter("state", state, kStates));
    KAIGONG_CHECK(check_id_cursor(page));
    KAIGONG_TRY(shown, shared_.parts.database.read([&](db::Session& session) {
        auto rows = store::organisations(session, state, page.cursor, static_cast<int>(page.limit) + 1);
        const bool more = rows.size() > static_cast<std::size_t>(page.limit);
        if (more) rows.pop_back();
        array list;
        for (const auto& row : rows) list.push_back(office_json(session, row));
        return object{{"organisations", std::move(list)},
                      {"next_cursor", more ? boost::json::value(rows.back().organisation_id) : nullptr}};
    }));
    return http::json_reply(std::move(shown));
}

/// Whether a company is who it says is judged by the person who says so: a stranger with a credit code from a public
/// register has the code right, too.
boost::json::value Organisations::registrant_json(db::Session& session, const store::OrganisationRow& row) const {
    const auto found = store::find_account(session, row.registered_by);
    if (!found) return nullptr;
    const auto account = shared_.accounts.of_row(*found);
    const auto membership = store::last_membership(session, row.organisation_id, row.registered_by);
    const auto all = store::memberships_of_account(session, row.registered_by, kOrganisationsOfOneMax);
    return object{{"display_name", account.display_name},
                  {"account_name", account.account_name},
                  {"phone", text_or_null(masked_phone(account.phone))},
                  {"registered_at_ms", membership ? membership->created_at_ms : row.created_at_ms},
                  {"authority_reference", text_or_null(membership ? membership->authority_reference : "")},
                  {"organisations_count", all.size()},
                  {"pending_count", std::ranges::count(all, "pending", &store::ActingRow::organisation_state)}};
}

object Organisations::office_json(db::Session& session, const store::OrganisationRow& row) const {
    auto json = organisation_json(row);
    json["registrant"] = registrant_json(session, row);
    return json;
}

/// Whoever registered it or acts for it, by this account or by another one of his.
bool Organisations::is_of(db::Session& session, const store::OrganisationRow& row,
                          const std::string& account_id) const {
    auto members = store::members_since(session, row.credit_code, shared_.now_ms());
    members.push_back(row.registered_by);
    return std::ranges::any_of(
        members, [&](const std::string& member) { return shared_.accounts.same_person(session, account_id, member); });
}

/// The words of who rejects stand on the organisation and go to who registered it; the audit names no reason, because
/// people name people in reasons.
Result<http::Reply> Organisations::judge(const Request& request, const std::string& state, const std::string& reason) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "organisations.verify"));
    const auto& by = request.actor().account_id.text;
    KAIGONG_TRY(judged, shared_.parts.database.transact([&](db::Session& session) -> Result<object> {
        const auto& id = request.path_parameter("organisation_id");
        auto row = is_uuid(id) ? store::find_organisation(session, id) : std::nullopt;
        if (!row) return not_there();
        if (is_of(session, *row, by)) {
            return error(
                Errc::forbidden, "authz.excluded_own_case",
                "这个单位由您（或您的另一个账号）登记或者代表，按回避规定您不能核验，请由其他窗口人员核验。如果那个"
                "账号不是您的，请告知安全管理员核实。");
        }
        if (row->version != request.if_match) return not_as_seen();
        auto next = *row;
        next.state = state;
        next.verified_by = by;
        next.state_reason = reason;
        if (row->state != "pending" || !store::change_organisation(session, *row, next)) return changed_meanwhile();
        next.version += 1;
        const bool verified = state == "active";
        shared_.audit(session, {row->registered_by, "identity.judge_organisation", by, by,
                                (verified ? "核验通过单位 " : "核验未通过单位 ") + row->credit_code});
        if (const auto registrant = store::find_account(session, row->registered_by))
            shared_.tell(
                session, *registrant, "organisation",
                verified
                    ? fmt::format("【开工】{} 已通过核验，您可以代表它申报，并邀请经办人。", row->organisation_name)
                    : fmt::format("【开工】{} 未通过核验：{} 改正后可以重新登记。", row->organisation_name, reason));
        return office_json(session, next);
    }));
    const auto version = judged.at("version").as_int64();
    return http::json_reply(std::move(judged)).with_version(version);
}

Result<http::Reply> Organisations::verify(const Request& request) {
    return judge(request, "active", "");
}

Result<http::Reply> Organisations::reject(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "organisations.verify"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", {.length_max = 300});
    KAIGONG_CHECK(reader.finish());
    return judge(request, "rejected", reason);
}

void Organisations::end_what_is_over(std::int64_t now_ms) {
    const auto ended = shared_.parts.database.transact([&](db::Session& session) {
        for (const auto& member : store::memberships_past(session, to_string(shared_.today()), kEndedAtOnce)) {
            end(session, member, "system", "授权期限届满", now_ms);
        }
    });
    if (!ended) log_error(LogLevel::error, "identity.authorities_not_ended", ended.error());
}

std::vector<http::Endpoint> Organisations::routes() {
    const auto on = [this](Result<http::Reply> (Organisations::*act)(const Request&)) {
        return [this, act](const Request& request) { return (this->*act)(request); };
    };
    const std::string own = "/api/v1/organisations";
    const std::string office = "/api/v1/admin/organisations";
    return {
        {.method = Method::get, .path = own, .handler = on(&Organisations::list_mine)},
        {.method = Method::post, .path = own, .handler = on(&Organisations::register_organisation)},
        {.method = Method::get, .path = own + "/{organisation_id}", .handler = on(&Organisations::show)},
        {.method = Method::post, .path = own + "/{organisation_id}/invitations", .handler = on(&Organisations::invite)},
        {.method = Method::del,
         .path = own + "/{organisation_id}/invitations/{invitation_id}",
         .handler = on(&Organisations::withdraw_invitation)},
        {.method = Method::post,
         .path = own + "/{organisation_id}/members/{membership_id}/removal",
         .handler = on(&Organisations::remove_member)},
        {.method = Method::post,
         .path = "/api/v1/invitations/view",
         .access = http::Access::anonymous,
         .handler = on(&Organisations::view_invitation)},
        {.method = Method::post,
         .path = "/api/v1/invitations/acceptance",
         .handler = on(&Organisations::accept_invitation)},
        {.method = Method::get,
         .path = office,
         .action = "organisations.read",
         .query = {"cursor", "limit", "state"},
         .handler = on(&Organisations::list_for_office)},
        {.method = Method::post,
         .path = office + "/{organisation_id}/verification",
         .action = "organisations.verify",
         .needs = {.if_match = true},
         .handler = on(&Organisations::verify)},
        {.method = Method::post,
         .path = office + "/{organisation_id}/rejection",
         .action = "organisations.verify",
         .needs = {.if_match = true},
         .handler = on(&Organisations::reject)},
    };
}

}  // namespace kaigong::identity
