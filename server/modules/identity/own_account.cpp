#include "modules/identity/own_account.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "crypto/field_codec.hpp"
#include "http/reply.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

/// What somebody hears who did not do it himself (ASVS 2.2.3).
constexpr std::string_view kPasswordChanged =
    "【开工】您的账号密码已修改，其他登录已退出。如不是您本人操作，请立即找回密码或联系办事窗口。";
constexpr std::string_view kEmailChanged =
    "【开工】您的账号改绑了电子邮箱。如不是您本人操作，请立即修改密码并联系办事窗口。";

Error phone_malformed() {
    return invalid_field("phone", "identity.phone_malformed", "请填写 11 位手机号码，例如 13800001234。");
}

Error name_taken() {
    return invalid_field("account_name", "identity.account_name_taken", "这个账号名已被使用，请换一个。");
}

Error phone_taken() {
    return invalid_field("phone", "identity.phone_taken", "这个手机号已绑定其他账号，请换一个。");
}

struct Registration {
    std::string challenge_id;
    std::string code;
    std::string account_name;
    std::string display_name;
    std::string password;
};

Result<Registration> read_registration(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Registration wanted;
    wanted.challenge_id = reader.text("challenge_id", {.length_max = 36});
    wanted.code = reader.text("code", {.length_min = 6, .length_max = 6});
    wanted.account_name = reader.text("account_name", {.length_max = kAccountNameMax});
    wanted.display_name = reader.text("display_name", {.length_max = 60});
    wanted.password = reader.text("password", {.length_max = kPasswordTypedMax});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(name, account_name_of(wanted.account_name));
    wanted.account_name = name;
    KAIGONG_CHECK(Passwords::check_strength(wanted.password, wanted.account_name));
    return wanted;
}

http::Reply challenge(const std::string& challenge_id) {
    return http::json_reply(object{{"challenge_id", challenge_id}}, 201);
}

}  // namespace

Result<http::Reply> OwnAccount::show(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    const auto account = shared_.accounts.of_row(living.account);
    const auto age_ms = shared_.parts.policy.password_age_ms;
    const bool has_password = !living.account.password_hash.empty();
    const bool ages = has_password && age_ms > 0 && account.kind != authz::AccountKind::owner_agent;
    KAIGONG_TRY(verification, shared_.parts.database.read([&](db::Session& session) {
        return store::find_id_verification(session, living.account.account_id);
    }));
    return http::json_reply(
        object{{"account_name", account.account_name},
               {"display_name", account.display_name},
               {"phone", text_or_null(masked_phone(account.phone))},
               {"email", text_or_null(masked_email(account.email))},
               {"has_id_number", !living.account.id_number.empty()},
               {"id_number_verified_by", verification ? boost::json::value(verification->how) : nullptr},
               {"has_password", has_password},
               {"password_changed_at_ms", living.account.password_changed_at_ms},
               {"password_due_at_ms", ages ? boost::json::value(living.account.password_changed_at_ms + age_ms)
                                           : boost::json::value(nullptr)},
               {"factor_forced", sign_in_.is_factor_forced(living.account)}});
}

Result<std::string> OwnAccount::new_hash(const store::AccountRow& account, const std::string& password) {
    KAIGONG_CHECK(Passwords::check_strength(password, account.account_name));
    KAIGONG_TRY(former, shared_.parts.database.read([&](db::Session& session) {
        return store::former_passwords(session, account.account_id, kFormerPasswords);
    }));
    former.push_back(account.password_hash);
    KAIGONG_CHECK(Passwords::check_not_used(password, former));
    return shared_.passwords.hash(password);
}

/// An administrator, or the owner by his phone, may have given another one while this one was checked and hashed: what
/// is under way never undoes it. Holds the account.
Result<void> OwnAccount::check_unchanged(db::Session& session, const store::AccountRow& seen) {
    store::hold_account(session, seen.account_id);
    const auto now = store::find_account(session, seen.account_id);
    if (now && now->state == "active" && now->password_hash == seen.password_hash) return {};
    return error(Errc::conflict, "identity.password_changed_meanwhile",
                 "账号的密码或状态刚刚被改动，这次没有修改密码。请用最新的密码重新登录；不清楚原因的，请联系管理员。");
}

/// The other sessions end: whoever had the old password is out. Who has shown nothing but the password, where a second
/// factor is asked for, changes nothing.
Result<http::Reply> OwnAccount::change_password(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto current = reader.text("password", {.length_max = kPasswordTypedMax});
    const auto wanted = reader.text("new_password", {.length_max = kPasswordTypedMax});
    KAIGONG_CHECK(reader.finish());
    const auto& account = living.account;
    if (living.stage != http::SessionStage::full && living.stage != http::SessionStage::password_change) {
        return error(Errc::unauthenticated, "identity.factor_needs_sign_in", "请先完成登录的第二步，再修改密码。");
    }
    if (account.password_hash.empty()) return no_password();
    KAIGONG_CHECK(sign_in_.prove_password(account, current, origin_of(request)));
    KAIGONG_TRY(hash, new_hash(account, wanted));
    const auto now_ms = shared_.now_ms();
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_CHECK(check_unchanged(session, account));
        if (!store::find_session(session, living.row.session_hash)) return signed_out();
        store::add_former_password(session, account.account_id, account.password_hash, now_ms);
        store::set_password(session, account.account_id, hash, now_ms, false);
        store::remove_sessions_of(session, account.account_id, living.row.session_hash);
        shared_.tell(session, account, "password_changed", std::string(kPasswordChanged));
        shared_.audit(session, {account.account_id, "identity.change_password", account.account_id,
                                account.account_name, "修改密码，其他登录已退出"});
        return {};
    }));
    return http::no_content();
}

Result<http::Reply> OwnAccount::list_sessions(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    KAIGONG_TRY(list, shared_.parts.database.read([&](db::Session& session) {
        return sessions_.list(session, living.account.account_id, living.row.session_hash);
    }));
    return http::json_reply(object{{"sessions", std::move(list)}});
}

Result<http::Reply> OwnAccount::end_session(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    const auto& account = living.account;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        const auto& id = request.path_parameter("session_id");
        const auto row = is_uuid(id) ? store::find_session_by_id(session, account.account_id, id) : std::nullopt;
        if (!row) return error(Errc::not_found, "identity.not_found", "没有找到这次登录，可能已经退出。");
        store::remove_session(session, row->session_hash);
        shared_.end_access(session, {{account.account_id}, row->session_hash});
        shared_.audit(session, {account.account_id, "identity.end_session", account.account_id, account.account_name,
                                "结束一次登录，收回在其中给其他应用的授权"});
        return {};
    }));
    return http::no_content();
}

Result<http::Reply> OwnAccount::end_other_sessions(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    const auto& account = living.account;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) {
        store::remove_sessions_of(session, account.account_id, living.row.session_hash);
        shared_.end_access(session, {{account.account_id}, "", living.row.session_hash});
        shared_.audit(session, {account.account_id, "identity.end_sessions", account.account_id, account.account_name,
                                "结束其他全部登录，收回在其中给其他应用的授权"});
    }));
    return http::no_content();
}

Result<http::Reply> OwnAccount::list_sign_ins(const Request& request) {
    KAIGONG_TRY(page, http::page_of(request));
    KAIGONG_CHECK(check_id_cursor(page));
    const auto& account_id = request.actor().account_id.text;
    KAIGONG_TRY(rows, shared_.parts.database.read([&](db::Session& session) {
        return store::sign_ins(
            session, {.account_id = account_id, .before_id = page.cursor, .limit = static_cast<int>(page.limit) + 1});
    }));
    const bool more = rows.size() > static_cast<std::size_t>(page.limit);
    if (more) rows.pop_back();
    array list;
    for (const auto& row : rows) list.push_back(sessions_.sign_in_json(row));
    return http::json_reply(object{{"sign_ins", std::move(list)},
                                   {"next_cursor", more ? boost::json::value(rows.back().entry_id) : nullptr}});
}

/// Each phone has its own limit; somebody with an account must not try one phone after the other either.
Result<http::Reply> OwnAccount::send_contact_code(const Request& request, const std::string& channel,
                                                  const std::string& contact) {
    const auto& account_id = request.actor().account_id.text;
    const auto now_ms = shared_.now_ms();
    if (!contacts_limiter_.take(account_id, now_ms)) {
        return error(Errc::rate_limited, "identity.too_many_codes",
                     "您索取验证码太频繁，请 15 分钟后再试；先前收到的验证码仍可使用。");
    }
    KAIGONG_TRY(id, shared_.verification.begin({"contact", channel, contact, account_id, ""}, now_ms));
    return challenge(id);
}

/// By the phone a password is set anew: who comes upon an unlocked computer must not bind his own.
Result<http::Reply> OwnAccount::begin_contact(const Request& request) {
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto phone = reader.optional_text("phone", {.length_max = 20});
    const auto email = reader.optional_text("email", {.length_max = 120});
    KAIGONG_CHECK(reader.finish());
    if (phone && email) {
        return invalid_field("email", "identity.one_contact", "手机号和电子邮箱请分别绑定。");
    }
    if (phone) {
        const auto number = phone_of(*phone);
        if (!number) return phone_malformed();
        return send_contact_code(request, "sms", *number);
    }
    const auto address = email_of(email.value_or(""));
    if (!address) {
        return invalid_field("email", "identity.email_malformed", "请填写正确的电子邮箱，例如 name@example.com。");
    }
    return send_contact_code(request, "email", *address);
}

/// Who lost his account learns of it where the account was reached until now.
void OwnAccount::warn_former_phone(db::Session& session, const std::string& account_id) {
    const auto row = store::find_account(session, account_id);
    if (!row || row->phone.empty()) return;
    shared_.messages.post(session,
                          {"sms", "contact_changed", shared_.accounts.of_row(*row).phone,
                           "【开工】您的账号改绑了另一个手机号。如不是您本人操作，请立即联系办事窗口。"},
                          shared_.now_ms());
}

Result<http::Reply> OwnAccount::confirm_contact(const Request& request) {
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto challenge_id = reader.text("challenge_id", {.length_max = 36});
    const auto code = reader.text("code", {.length_min = 6, .length_max = 6});
    KAIGONG_CHECK(reader.finish());
    const auto& account_id = request.actor().account_id.text;
    KAIGONG_TRY(proven, shared_.verification.prove(challenge_id, "contact", code, shared_.now_ms()));
    if (proven.account_id != account_id) {
        return invalid_field("code", "identity.code_wrong", "验证码不对或已失效，请核对，或重新获取验证码。");
    }
    const bool is_phone = proven.channel == "sms";
    const auto sealed = shared_.accounts.seal(is_phone ? "phone" : "email", account_id, proven.contact);
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        if (is_phone) {
            const auto other = store::find_account_by_phone(session, shared_.accounts.indexes("phone", proven.contact));
            if (other && other->account_id != account_id) return phone_taken();
            warn_former_phone(session, account_id);
            store::set_phone(session, account_id, sealed);
        } else {
            const auto row = store::find_account(session, account_id);
            if (row) shared_.tell(session, *row, "contact_changed", std::string(kEmailChanged));
            store::set_email(session, account_id, sealed);
        }
        shared_.audit(session, {account_id, "identity.set_contact", account_id, account_id,
                                is_phone ? "绑定手机号" : "绑定电子邮箱"});
        return {};
    }));
    return http::no_content();
}

/// Who is nobody yet asks for so many codes and no more: each costs a message, and somebody gets it.
Result<void> OwnAccount::count_code(const Request& request) {
    if (codes_limiter_.take(request.client_address, shared_.now_ms())) return {};
    return error(Errc::rate_limited, "identity.too_many_codes",
                 "从这个网络索取验证码太频繁，请 15 分钟后再试；先前收到的验证码仍可使用。");
}

/// To a phone that has an account goes a message that says so: the page cannot tell the two apart.
Result<std::string> OwnAccount::send_registration_code(const std::string& phone) {
    KAIGONG_TRY(taken, shared_.parts.database.read([&](db::Session& session) {
        return store::find_account_by_phone(session, shared_.accounts.indexes("phone", phone)).has_value();
    }));
    const std::string words =
        taken ? "【开工】有人用这个手机号注册账号，但它已经有账号了。请直接登录；忘记密码可在登录页找回。" : "";
    return shared_.verification.begin({"registration", "sms", phone, "", words}, shared_.now_ms());
}

Result<http::Reply> OwnAccount::begin_registration(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto typed = reader.text("phone", {.length_max = 20});
    KAIGONG_CHECK(reader.finish());
    const auto phone = phone_of(typed);
    if (!phone) return phone_malformed();
    KAIGONG_CHECK(count_code(request));
    KAIGONG_TRY(id, send_registration_code(*phone));
    return challenge(id);
}

/// Who proved nothing yet is not told which names are taken; who did tries a few others with the same code.
Result<http::Reply> OwnAccount::register_account(const Request& request) {
    KAIGONG_TRY(wanted, read_registration(request));
    const auto now_ms = shared_.now_ms();
    KAIGONG_TRY(proven, shared_.verification.look_at(wanted.challenge_id, "registration", wanted.code, now_ms));
    KAIGONG_TRY(taken, shared_.parts.database.read([&](db::Session& session) {
        return store::find_account_by_name(session, wanted.account_name).has_value();
    }));
    if (taken) return name_taken();
    KAIGONG_CHECK(shared_.verification.use(wanted.challenge_id));
    KAIGONG_TRY(hash, shared_.passwords.hash(wanted.password));
    store::AccountRow row;
    row.account_id = new_id<authz::AccountId>(now_ms).text;
    row.account_name = wanted.account_name;
    row.password_hash = hash;
    row.display_name = shared_.accounts.sealed_name(row.account_id, wanted.display_name);
    row.kind = "owner_agent";
    row.roles = roles_text({authz::Role::public_user});
    row.created_at_ms = now_ms;
    row.state = "active";
    row.matters = "[]";
    row.clearance = "normal";
    row.password_changed_at_ms = now_ms;
    const auto phone = shared_.accounts.seal("phone", row.account_id, proven.contact);
    row.phone = phone.sealed;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        if (store::find_account_by_phone(session, shared_.accounts.indexes("phone", proven.contact))) {
            return phone_taken();
        }
        if (!store::insert_account(session, row, phone, {})) return name_taken();
        shared_.audit(session, {row.account_id, "identity.register", row.account_id, row.account_name, "注册账号"});
        return {};
    }));
    return sign_in_.begin(row, "registration", request);
}

/// Only for the applicant's side: officers get a new password from their administrator. Whoever asks hears the same.
Result<http::Reply> OwnAccount::begin_reset(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto account_name = lower_name(reader.text("account", {.length_max = 60}));
    const auto typed = reader.text("phone", {.length_max = 20});
    KAIGONG_CHECK(reader.finish());
    const auto phone = phone_of(typed);
    if (!phone) return phone_malformed();
    KAIGONG_CHECK(count_code(request));
    KAIGONG_TRY(account, shared_.parts.database.read([&](db::Session& session) {
        return store::find_account_by_phone(session, shared_.accounts.indexes("phone", *phone));
    }));
    const bool theirs = account && account->kind == "owner_agent" && account->state == "active" &&
                        (account->account_name == account_name || phone_of(account_name) == phone);
    const std::string words =
        theirs ? "" : "【开工】有人请求用这个手机号找回密码，但账号与手机号不匹配，没有发送验证码。";
    KAIGONG_TRY(id, shared_.verification.begin(
                        {"password_reset", "sms", *phone, theirs ? account->account_id : "", words}, shared_.now_ms()));
    return challenge(id);
}

Result<http::Reply> OwnAccount::reset_password(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto challenge_id = reader.text("challenge_id", {.length_max = 36});
    const auto code = reader.text("code", {.length_min = 6, .length_max = 6});
    const auto wanted = reader.text("new_password", {.length_max = kPasswordTypedMax});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_CHECK(Passwords::check_strength(wanted, ""));
    const auto now_ms = shared_.now_ms();
    KAIGONG_TRY(proven, shared_.verification.prove(challenge_id, "password_reset", code, now_ms));
    KAIGONG_TRY(found, shared_.parts.database.read(
                           [&](db::Session& session) { return store::find_account(session, proven.account_id); }));
    if (!found) return invalid_field("code", "identity.code_wrong", "验证码不对或已失效，请重新获取验证码。");
    const auto& account = *found;
    KAIGONG_TRY(hash, new_hash(account, wanted));
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_CHECK(check_unchanged(session, account));
        store::add_former_password(session, account.account_id, account.password_hash, now_ms);
        store::set_password(session, account.account_id, hash, now_ms, false);
        store::remove_sessions_of(session, account.account_id, "");
        sign_in_.locks().lift(session, account);
        shared_.tell(session, account, "password_changed", std::string(kPasswordChanged));
        shared_.audit(session, {account.account_id, "identity.reset_password", account.account_id, account.account_name,
                                "凭手机验证码重设密码，全部登录已退出"});
        return {};
    }));
    return http::no_content();
}

std::vector<http::Endpoint> OwnAccount::routes() {
    const auto on = [this](Result<http::Reply> (OwnAccount::*act)(const Request&)) {
        return [this, act](const Request& request) { return (this->*act)(request); };
    };
    using http::Access;
    using http::Pool;
    return {
        {.method = Method::get, .path = "/api/v1/account", .handler = on(&OwnAccount::show)},
        {.method = Method::put,
         .path = "/api/v1/account/password",
         .pool = Pool::slow,
         .early = true,
         .handler = on(&OwnAccount::change_password)},
        {.method = Method::get, .path = "/api/v1/account/sessions", .handler = on(&OwnAccount::list_sessions)},
        {.method = Method::del, .path = "/api/v1/account/sessions", .handler = on(&OwnAccount::end_other_sessions)},
        {.method = Method::del,
         .path = "/api/v1/account/sessions/{session_id}",
         .handler = on(&OwnAccount::end_session)},
        {.method = Method::get,
         .path = "/api/v1/account/sign-ins",
         .query = {"cursor", "limit"},
         .handler = on(&OwnAccount::list_sign_ins)},
        {.method = Method::post, .path = "/api/v1/account/contacts", .handler = on(&OwnAccount::begin_contact)},
        {.method = Method::post,
         .path = "/api/v1/account/contacts/confirmation",
         .handler = on(&OwnAccount::confirm_contact)},
        {.method = Method::post,
         .path = "/api/v1/registrations/codes",
         .access = Access::anonymous,
         .handler = on(&OwnAccount::begin_registration)},
        {.method = Method::post,
         .path = "/api/v1/registrations",
         .access = Access::anonymous,
         .pool = Pool::slow,
         .handler = on(&OwnAccount::register_account)},
        {.method = Method::post,
         .path = "/api/v1/password-resets/codes",
         .access = Access::anonymous,
         .handler = on(&OwnAccount::begin_reset)},
        {.method = Method::post,
         .path = "/api/v1/password-resets",
         .access = Access::anonymous,
         .pool = Pool::slow,
         .handler = on(&OwnAccount::reset_password)},
    };
}

}  // namespace kaigong::identity
