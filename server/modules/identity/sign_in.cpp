#include "modules/identity/sign_in.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "base/log.hpp"
#include "http/reply.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;
using http::SessionStage;

Error locked() {
    return error(Errc::rate_limited, "identity.too_many_attempts",
                 "登录失败次数过多，此账号暂停登录 30 分钟；可稍后再试，或请本单位安全管理员解除。");
}

Error address_over() {
    return error(Errc::rate_limited, "identity.too_many_attempts",
                 "从这个网络登录失败的次数过多，请 15 分钟后再试；忘记密码请联系管理员。");
}

Error blocked() {
    return error(Errc::forbidden, "identity.account_blocked",
                 "此账号已停用，不能登录。如需恢复，请联系本单位系统管理员。");
}

Error first_password_over() {
    return error(Errc::forbidden, "identity.first_password_over",
                 "初始密码已过期，不能再用它登录。请本单位系统管理员重新生成一个。");
}

Error wrong_credentials() {
    return error(Errc::unauthenticated, "identity.wrong_credentials",
                 "账号或密码不对，请核对后重新输入。多次输错后要等 30 分钟，或请管理员解除锁定，正确的密码才有效。");
}

Error provider_only() {
    return error(Errc::forbidden, "identity.provider_only",
                 "工作人员和管理员请从“统一身份登录”进入。统一身份平台连接不上时，请联系应急账号的持有人。");
}

Error emergency_needs_factor() {
    return error(Errc::forbidden, "identity.emergency_needs_factor",
                 "应急账号没有绑定两步验证，不能用密码登录。请先从统一身份平台登录并绑定，或请两位管理员处理。");
}

bool is_staff(const store::AccountRow& account) {
    return account.kind == "officer" || account.kind == "administrator";
}

bool is_of_provider(const store::SessionRow& row) {
    return row.method.starts_with(kByProvider);
}

object account_json(const Account& account) {
    array roles;
    for (const auto role : account.roles) roles.emplace_back(to_string(role));
    return {{"account_id", account.account_id.text},
            {"account_name", account.account_name},
            {"display_name", account.display_name},
            {"kind", to_string(account.kind)},
            {"organisation_name", account.organisation_name},
            {"organisation_id", text_or_null(account.organisation_id)},
            {"credit_code", text_or_null(account.credit_code)},
            {"department", text_or_null(account.department)},
            {"department_name", text_or_null(account.department_name)},
            {"region_code", text_or_null(account.region_code)},
            {"post", text_or_null(account.post)},
            {"roles", std::move(roles)}};
}

}  // namespace

Error no_password() {
    return error(
        Errc::conflict, "identity.no_password",
        "这个账号没有密码，从统一身份平台登录。要再次证明身份，请到统一身份平台重新验证；绑定两步验证后可当场验证。");
}

bool SignIn::is_factor_forced(const store::AccountRow& account) const {
    return is_staff(account) && (shared_.parts.policy.factor_forced || is_emergency(account));
}

bool SignIn::is_emergency(const store::AccountRow& account) const {
    const auto& policy = shared_.parts.policy;
    return policy.staff_by_provider_only && is_staff(account) &&
           std::ranges::find(policy.emergency_accounts, account.account_name) != policy.emergency_accounts.end();
}

/// One that could not come in anyway takes nothing away. Its own row is held by who acts on it.
Result<void> SignIn::check_not_last_emergency(db::Session& session, const store::AccountRow& account) const {
    if (!is_emergency(account) || !store::hold_fit_for_emergency(session, account.account_name)) return {};
    for (const auto& name : shared_.parts.policy.emergency_accounts) {
        if (name == account.account_name) continue;
        const auto other = store::find_account_by_name(session, name);
        if (other && is_emergency(*other) && store::hold_fit_for_emergency(session, name)) return {};
    }
    return error(Errc::conflict, "identity.last_emergency_account",
                 "这是最后一个能用的应急账号，统一身份平台停用时全靠它进入。请先让另一个应急账号能用（未停用、有角色、"
                 "改过初始密码、绑定了两步验证），或在 identity.emergency_accounts 里另写一个账号并重启，再办理。");
}

bool SignIn::is_by_provider_only(const store::AccountRow& account) const {
    return shared_.parts.policy.staff_by_provider_only && is_staff(account) && !is_emergency(account);
}

/// Whom the provider vouched for has not shown his password, and may have none: it is not asked to be changed.
SessionStage SignIn::stage_after_factor(const store::AccountRow& account, bool by_provider) const {
    if (by_provider || account.password_hash.empty() || is_by_provider_only(account)) return SessionStage::full;
    const auto age_ms = shared_.parts.policy.password_age_ms;
    const bool aged = age_ms > 0 && is_staff(account) && shared_.now_ms() - account.password_changed_at_ms > age_ms;
    return account.password_initial || aged ? SessionStage::password_change : SessionStage::full;
}

/// An emergency account never binds its factor after the password alone, not even when it lost it a moment ago.
SessionStage SignIn::stage_of_new(db::Session& session, const store::AccountRow& account, bool by_provider) const {
    const bool asked = is_emergency(account) && !by_provider;
    if (asked || factors_.has_any(session, {account.account_id})) return SessionStage::second_factor;
    return is_factor_forced(account) ? SessionStage::enrolment : stage_after_factor(account, by_provider);
}

bool SignIn::is_enrolment_code_needed(db::Session& session, const store::AccountRow& account) const {
    const authz::AccountId id{account.account_id};
    if (!is_factor_forced(account) || factors_.has_any(session, id)) return false;
    return account.password_initial || factors_.is_enrolment_code_owed(session, id);
}

/// The provider vouches for the person himself: no administrator can come in his stead.
bool SignIn::owes_enrolment_code(db::Session& session, const store::SessionRow& row,
                                 const store::AccountRow& account) const {
    if (row.stage != to_string(SessionStage::enrolment) || is_of_provider(row)) return false;
    return !row.method.ends_with(kWithEnrolmentCode) && is_enrolment_code_needed(session, account);
}

SignInLocks::Attempt SignIn::attempt_at(const std::string& typed, const store::AccountRow* account,
                                        const Origin& origin) const {
    return {typed, account, account != nullptr && is_emergency(*account), origin.address};
}

Result<SignInLocks::Standing> SignIn::standing(const Attempt& attempt) const {
    return shared_.parts.database.read(
        [&](db::Session& session) { return locks_.standing(session, attempt, shared_.now_ms()); });
}

/// A wrong password, or a right one that a lock keeps from opening. The same for a name that nobody has: neither the
/// answer nor what it costs tells who exists.
Error SignIn::refuse(const Attempt& attempt, const Standing& standing, const Origin& origin) {
    const auto now_ms = shared_.now_ms();
    // Counted while locked too: who goes on writes a line each time.
    limiter_.count(origin.address, now_ms);
    const bool is_locked = standing.typed_locked || standing.account_locked;
    const auto noted = shared_.parts.database.transact([&](db::Session& session) {
        locks_.count(session, attempt, standing, now_ms);
        sessions_.log(session, attempt.account, is_locked ? "locked" : "wrong_password", "password", origin, now_ms);
        if (standing.typed_locked) return;
        // Never what was typed: people type their password, or somebody else's name, where the account belongs.
        shared_.audit(session, {attempt.account != nullptr ? attempt.account->account_id : "unknown",
                                "identity.sign_in_failed", "anonymous", "未登录的人", "登录失败"});
    });
    if (!noted) return noted.error();
    return standing.typed_locked ? locked() : wrong_credentials();
}

void SignIn::rehash(const store::AccountRow& account, const std::string& password) {
    if (!shared_.passwords.is_hashed_cheaply(account.password_hash)) return;
    const auto hash = shared_.passwords.hash(password);
    if (!hash) return;
    const auto done = shared_.parts.database.transact(
        [&](db::Session& session) { store::replace_hash(session, account.account_id, account.password_hash, *hash); });
    if (!done) log_error(LogLevel::warning, "identity.password_not_hashed_anew", done.error());
}

Result<http::Reply> SignIn::sign_in(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto account_name = lower_name(reader.text("account", {.length_max = 60}));
    const auto password = reader.text("password", {.length_max = kPasswordTypedMax});
    KAIGONG_CHECK(reader.finish());
    const auto origin = origin_of(request);
    if (limiter_.is_over(origin.address, shared_.now_ms())) return address_over();
    const auto phone = phone_of(account_name);
    KAIGONG_TRY(account, shared_.parts.database.read([&](db::Session& session) {
        auto row = store::find_account_by_name(session, account_name);
        return !row && phone ? store::find_account_by_phone(session, shared_.accounts.indexes("phone", *phone)) : row;
    }));
    // A phone is one however it is spelled, also one that nobody has.
    const auto attempt = attempt_at(phone ? *phone : account_name, account ? &*account : nullptr, origin);
    KAIGONG_TRY(seen, standing(attempt));
    // Hashed though it may be locked: who opens nevertheless takes no longer than who does not.
    const auto stored = account ? std::optional(account->password_hash) : std::nullopt;
    const bool is_right = shared_.passwords.is_right(password, stored);
    if (!is_right || !SignInLocks::opens(attempt, seen)) return refuse(attempt, seen, origin);
    KAIGONG_TRY(cookie, open(*account, "password", origin, &attempt, std::nullopt));
    rehash(*account, password);
    return reply_with(cookie);
}

/// Asked after the password was right: who guesses does not learn who comes in how.
Result<void> SignIn::check_way_in(const store::AccountRow& account, const Origin& origin) const {
    KAIGONG_TRY(may_enter, shared_.parts.database.read([&](db::Session& session) {
        if (is_emergency(account)) return factors_.has_any(session, {account.account_id});
        return !is_by_provider_only(account);
    }));
    if (may_enter) return {};
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) {
        sessions_.log(session, &account, "provider_only", "password", origin, shared_.now_ms());
    }));
    return is_emergency(account) ? emergency_needs_factor() : provider_only();
}

Result<void> SignIn::check_usable(const store::AccountRow& account, const std::string& method,
                                  const Origin& origin) const {
    const auto now_ms = shared_.now_ms();
    const bool is_blocked = account.state != "active";
    // A first password lies on paper and in mails until it is used.
    const bool is_over = account.password_initial && method != kByProvider &&
                         now_ms - account.password_changed_at_ms > shared_.parts.policy.first_password_ms;
    if (!is_blocked && !is_over) return method == kByProvider ? Result<void>{} : check_way_in(account, origin);
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) {
        sessions_.log(session, &account, is_blocked ? "blocked" : "first_password_over", method, origin, now_ms);
    }));
    return is_blocked ? blocked() : first_password_over();
}

/// Nothing happened since the password was looked at: not blocked, not changed, and not locked by others who guessed at
/// the same time.
Result<void> SignIn::check_unchanged(db::Session& session, const store::AccountRow& seen, std::int64_t now_ms,
                                     const Attempt* attempt) const {
    store::hold_account(session, seen.account_id);
    const auto now = store::find_account(session, seen.account_id);
    if (!now || now->password_hash != seen.password_hash) return wrong_credentials();
    if (now->state != "active") return blocked();
    if (attempt == nullptr) return {};
    const auto standing = locks_.standing(session, *attempt, now_ms);
    if (SignInLocks::opens(*attempt, standing)) return {};
    return standing.typed_locked ? locked() : wrong_credentials();
}

Result<http::Reply> SignIn::begin(const store::AccountRow& account, const std::string& method, const Request& request) {
    KAIGONG_TRY(cookie, open(account, method, origin_of(request)));
    return reply_with(cookie);
}

/// Guessed passwords lock out nobody who was proven in another way.
Result<std::string> SignIn::open(const store::AccountRow& account, const std::string& method, const Origin& origin,
                                 std::optional<std::int64_t> proven_at_ms) {
    return open(account, method, origin, nullptr, proven_at_ms);
}

Result<std::string> SignIn::open(const store::AccountRow& account, const std::string& method, const Origin& origin,
                                 const Attempt* attempt, std::optional<std::int64_t> proven_at_ms) {
    KAIGONG_CHECK(check_usable(account, method, origin));
    const auto now_ms = shared_.now_ms();
    const bool by_provider = method == kByProvider;
    const std::string_view first_of_two = by_provider ? "provider_right" : "password_right";
    return shared_.parts.database.transact([&](db::Session& session) -> Result<std::string> {
        KAIGONG_CHECK(check_unchanged(session, account, now_ms, attempt));
        const auto stage = stage_of_new(session, account, by_provider);
        const auto acting = shared_.accounts.acting(session, account, "", shared_.today());
        if (attempt != nullptr) locks_.forget(session, account, now_ms);
        sessions_.log(session, &account, stage == SessionStage::second_factor ? first_of_two : "signed_in", method,
                      origin, now_ms);
        shared_.audit(session, {account.account_id, "identity.sign_in", account.account_id, account.account_name,
                                by_provider ? "通过统一身份平台登录" : "登录"});
        const auto for_whom = acting.organisation_id.empty() ? kForHimself : acting.organisation_id;
        const auto proven_at = std::min(proven_at_ms.value_or(now_ms), now_ms);
        return sessions_.open(session, {account.account_id, for_whom, stage, method, proven_at}, origin, now_ms);
    });
}

Result<http::Reply> SignIn::reply_with(const std::string& cookie) const {
    KAIGONG_TRY(living, sessions_.find(cookie, shared_.now_ms()));
    return http::json_reply(session_json(living, csrf_of(cookie)))
        .with_header("Set-Cookie", http::session_cookie(cookie, -1));
}

object SignIn::session_json(const Living& living, const std::string& csrf_token) const {
    const auto seen = shared_.parts.database.read([&](db::Session& session) {
        auto account = shared_.accounts.acting(session, living.account, living.row.organisation_id, shared_.today());
        auto organisations = Accounts::may_act_for(session, living.account.account_id, shared_.today());
        array kinds;
        for (const auto kind : factors_.kinds_of(session, account.account_id)) kinds.emplace_back(to_string(kind));
        const bool owes_code = owes_enrolment_code(session, living.row, living.account);
        return std::tuple(std::move(account), std::move(organisations), std::move(kinds), owes_code);
    });
    const auto& [account, organisations, kinds, owes_code] = seen.value();
    array choices;
    for (const auto& one : organisations) {
        choices.push_back({{"organisation_id", one.organisation_id},
                           {"organisation_name", one.organisation_name},
                           {"duty", one.duty}});
    }
    const auto& policy = shared_.parts.policy;
    return {{"account", account_json(account)},
            {"stage", to_string(living.stage)},
            {"factor_kinds", kinds},
            {"enrolment_code_needed", owes_code},
            {"organisations", std::move(choices)},
            {"csrf_token", csrf_token},
            {"demo", shared_.parts.demo},
            {"idle_ms", sessions_.idle_after_answer_ms()},
            {"ends_at_ms", living.row.created_at_ms + policy.absolute_ms},
            {"now_ms", shared_.parts.office_clock.now_ms()}};
}

Result<http::Reply> SignIn::show(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    return http::json_reply(session_json(living, request.session->csrf_token));
}

Result<http::Reply> SignIn::sign_out(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    const auto& account = living.account;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) {
        store::remove_session(session, living.row.session_hash);
        shared_.audit(session,
                      {account.account_id, "identity.sign_out", account.account_id, account.account_name, "退出"});
    }));
    return http::no_content().with_header("Set-Cookie", http::session_cookie("", 0));
}

/// `{code}`, `{recovery_code}` or `{assertion}`; gives the method.
Result<std::string> SignIn::prove_by_factor(const authz::AccountId& account_id, const boost::json::value& body) {
    JsonReader reader(body);
    const auto code = reader.optional_text("code", {.length_min = 6, .length_max = 6});
    const auto recovery = reader.optional_text("recovery_code", {.length_max = 40});
    const auto assertion = reader.optional_object<WebauthnAssertion>("assertion", read_webauthn_assertion);
    KAIGONG_CHECK(reader.finish());
    if (assertion) {
        KAIGONG_CHECK(factors_.finish_assertion(account_id, *assertion));
        return std::string("security_key");
    }
    if (code) {
        KAIGONG_CHECK(factors_.verify_totp(account_id, *code));
        return std::string("totp");
    }
    if (recovery) {
        KAIGONG_CHECK(factors_.use_recovery_code(account_id, *recovery));
        return std::string("recovery_code");
    }
    return invalid_field("code", "identity.factor_missing", "请输入动态口令、恢复码，或使用安全密钥。");
}

Result<http::Reply> SignIn::moved_on(const Living& living, SessionStage stage, const std::string& method) {
    KAIGONG_TRY(cookie, shared_.parts.database.transact([&](db::Session& session) {
        return sessions_.move_on(session, living.row, stage, method, shared_.now_ms());
    }));
    return reply_with(cookie);
}

/// A proof that was not one; what could not be read is none.
void SignIn::log_wrong_factor(const store::AccountRow& account, const Error& why, const Origin& origin) const {
    if (why.reason.starts_with("json.")) return;
    const auto noted = shared_.parts.database.transact([&](db::Session& session) {
        sessions_.log(session, &account, "wrong_factor", "factor", origin, shared_.now_ms());
    });
    if (!noted) log_error(LogLevel::error, "identity.sign_in_not_noted", noted.error());
}

Result<http::Reply> SignIn::second_factor(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    if (living.stage != SessionStage::second_factor) {
        return error(Errc::conflict, "identity.factor_not_asked", "这次登录不需要两步验证，请刷新页面。");
    }
    KAIGONG_TRY(body, http::json_body(request));
    const auto origin = origin_of(request);
    const auto method = prove_by_factor({living.account.account_id}, body);
    if (!method) {
        log_wrong_factor(living.account, method.error(), origin);
        return method.error();
    }
    const bool by_provider = is_of_provider(living.row);
    const bool emergency = is_emergency(living.account) && !by_provider;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) {
        sessions_.log(session, &living.account, emergency ? "emergency_signed_in" : "signed_in", *method, origin,
                      shared_.now_ms());
        if (emergency) tell_of_emergency(session, living.account);
    }));
    return moved_on(living, stage_after_factor(living.account, by_provider), living.row.method + "+" + *method);
}

/// The provider is down, or somebody goes around it: whoever answers for security hears of it at once.
void SignIn::tell_of_emergency(db::Session& session, const store::AccountRow& account) const {
    constexpr int kToldMax = 20;
    shared_.audit(session, {account.account_id, "identity.emergency_sign_in", account.account_id, account.account_name,
                            "应急账号用密码和第二步验证登录，没有经过统一身份平台"});
    store::PeopleQuery security;
    security.kinds = {"administrator"};
    security.states = {"active"};
    security.role = to_string(authz::Role::security_admin);
    security.limit = kToldMax;
    const auto words = "【开工】应急账号 " + account.account_name +
                       " 用密码登录了系统。如不是统一身份平台停用期间的安排，请立即停用该账号。";
    bool anybody = false;
    for (const auto& row : store::people(session, security)) {
        const bool himself = row.account_id == account.account_id;
        anybody = (!himself && shared_.tell(session, row, "emergency_sign_in", words)) || anybody;
    }
    if (!anybody) log_event(LogLevel::warning, "identity.emergency_told_nobody", {});
}

Result<http::Reply> SignIn::security_key_options(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    KAIGONG_TRY(options, factors_.begin_assertion({living.account.account_id}));
    return http::json_reply(options);
}

/// The other half of the two persons who let somebody in for the first time: the password came from one administrator,
/// this from another.
Result<http::Reply> SignIn::enrolment_code(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto code = reader.text("enrolment_code", {.length_max = 40});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(owes, shared_.parts.database.read([&](db::Session& session) {
        return owes_enrolment_code(session, living.row, living.account);
    }));
    if (!owes) return error(Errc::conflict, "identity.enrolment_code_not_asked", "现在不需要绑定码，请刷新页面。");
    if (const auto proved = factors_.prove_enrolment_code({living.account.account_id}, code); !proved) {
        log_wrong_factor(living.account, proved.error(), origin_of(request));
        return proved.error();
    }
    return moved_on(living, SessionStage::enrolment, living.row.method + std::string(kWithEnrolmentCode));
}

/// After what a stage asked for was done: binding a factor proves it, a changed password is a right one.
Result<http::Reply> SignIn::go_on(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    KAIGONG_TRY(has_factor, shared_.parts.database.read([&](db::Session& session) {
        return factors_.has_any(session, {living.account.account_id});
    }));
    const auto next = stage_after_factor(living.account, is_of_provider(living.row));
    // Enrolled elsewhere: here only the password is proven, perhaps by who guessed it.
    if (living.stage == SessionStage::enrolment && has_factor && living.row.method != kEnrolledHere) {
        return moved_on(living, SessionStage::second_factor, living.row.method);
    }
    const bool enrolled = living.stage == SessionStage::enrolment && has_factor;
    const bool changed = living.stage == SessionStage::password_change && next == SessionStage::full;
    if (!enrolled && !changed) return http::json_reply(session_json(living, request.session->csrf_token));
    const std::string proven = living.account.password_hash.empty() ? "provider+factor" : "password+factor";
    return moved_on(living, next, enrolled ? proven : living.row.method);
}

/// Who asks is in already: a lock of his account is told to him.
Result<void> SignIn::prove_password(const store::AccountRow& account, const std::string& password,
                                    const Origin& origin) {
    const auto attempt = attempt_at(account.account_name, &account, origin);
    KAIGONG_TRY(seen, standing(attempt));
    const bool opens = SignInLocks::opens(attempt, seen);
    if (opens && shared_.passwords.is_right(password, account.password_hash)) return {};
    const auto refused = refuse(attempt, seen, origin);
    if (refused.code != Errc::unauthenticated) return refused;
    if (!opens) return locked();
    return invalid_field("password", "identity.wrong_password", "密码不对，请重新输入。");
}

/// 签发、公布 ask again: by a factor where there is one, else by the password.
Result<http::Reply> SignIn::step_up(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    const auto& account = living.account;
    KAIGONG_TRY(has_factor, shared_.parts.database.read(
                                [&](db::Session& session) { return factors_.has_any(session, {account.account_id}); }));
    const auto origin = origin_of(request);
    std::string method = "password";
    if (has_factor) {
        const auto proved = prove_by_factor({account.account_id}, body);
        if (!proved) {
            log_wrong_factor(account, proved.error(), origin);
            return proved.error();
        }
        method = *proved;
    } else if (account.password_hash.empty()) {
        return no_password();
    } else {
        JsonReader reader(body);
        const auto password = reader.text("password", {.length_max = kPasswordTypedMax});
        KAIGONG_CHECK(reader.finish());
        KAIGONG_CHECK(prove_password(account, password, origin));
    }
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) {
        store::set_authenticated(session, living.row.session_hash, living.row.method, shared_.now_ms());
        sessions_.log(session, &account, "stepped_up", method, origin, shared_.now_ms());
    }));
    return http::no_content();
}

Result<http::Reply> SignIn::act_for(const Request& request) {
    KAIGONG_TRY(living, sessions_.of_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto organisation_id = reader.optional_text("organisation_id", {.length_max = 36}).value_or("");
    KAIGONG_CHECK(reader.finish());
    const auto& account_id = living.account.account_id;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        const auto allowed = Accounts::may_act_for(session, account_id, shared_.today());
        const bool may =
            organisation_id.empty() ||
            std::ranges::find(allowed, organisation_id, &store::ActingRow::organisation_id) != allowed.end();
        if (!may) return error(Errc::not_found, "identity.not_found", "没有找到这个单位，或您已不再是它的经办人。");
        store::set_session_organisation(session, living.row.session_hash,
                                        organisation_id.empty() ? kForHimself : organisation_id);
        store::set_acting_for(session, account_id, organisation_id);
        shared_.audit(session, {account_id, "identity.act_for", account_id, living.account.account_name,
                                organisation_id.empty() ? "改为以个人身份办理" : "切换代表的单位"});
        return {};
    }));
    const auto cookie = request.cookie(http::kSessionCookie).value_or("");
    KAIGONG_TRY(now, sessions_.find(cookie, shared_.now_ms()));
    return http::json_reply(session_json(now, request.session->csrf_token));
}

std::vector<http::Endpoint> SignIn::routes() {
    const auto on = [this](Result<http::Reply> (SignIn::*act)(const Request&)) {
        return [this, act](const Request& request) { return (this->*act)(request); };
    };
    return {
        {.method = Method::post,
         .path = "/api/v1/session",
         .access = http::Access::anonymous,
         .pool = http::Pool::slow,
         .handler = on(&SignIn::sign_in)},
        {.method = Method::get, .path = "/api/v1/session", .early = true, .handler = on(&SignIn::show)},
        {.method = Method::del, .path = "/api/v1/session", .early = true, .handler = on(&SignIn::sign_out)},
        {.method = Method::post,
         .path = "/api/v1/session/second-factor",
         .early = true,
         .handler = on(&SignIn::second_factor)},
        {.method = Method::post,
         .path = "/api/v1/session/security-key-options",
         .early = true,
         .handler = on(&SignIn::security_key_options)},
        {.method = Method::post,
         .path = "/api/v1/session/enrolment-code",
         .early = true,
         .handler = on(&SignIn::enrolment_code)},
        {.method = Method::post, .path = "/api/v1/session/continuation", .early = true, .handler = on(&SignIn::go_on)},
        {.method = Method::post,
         .path = "/api/v1/session/step-up",
         .pool = http::Pool::slow,
         .handler = on(&SignIn::step_up)},
        {.method = Method::put, .path = "/api/v1/session/organisation", .handler = on(&SignIn::act_for)},
    };
}

}  // namespace kaigong::identity
