#include <boost/json.hpp>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <set>
#include <unordered_map>

#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/sign_in_limiter.hpp"
#include "modules/identity/store.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;
using http::Access;
using http::Method;
using http::Request;

constexpr std::int64_t kIdleMs = 8LL * 3'600'000;
constexpr std::int64_t kAbsoluteMs = 12LL * 3'600'000;
/// A session's row is written at most this often, so that reading pages doesn't mean writing.
constexpr std::int64_t kTouchEveryMs = 5LL * 60'000;
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kPasswordMin = 12;
constexpr std::size_t kPasswordMax = 200;
constexpr std::size_t kDistinctMin = 5;

Error signed_out() {
    return error(Errc::unauthenticated, "identity.signed_out", "登录已过期，请重新登录；填写的内容已保存为草稿。");
}

Error name_taken() {
    return error(Errc::conflict, "identity.account_name_taken", "这个账号名已被使用，请换一个。");
}

std::string hash_of(std::string_view token) {
    return crypto::to_hex(crypto::sha256(crypto::view(token)));
}

/// Known only to who holds the cookie; nothing to store.
std::string csrf_of(std::string_view token) {
    return crypto::to_base64url(crypto::hmac_sha256(crypto::view(token), crypto::view("csrf")));
}

Error weak(std::string message) {
    return invalid_field("password", "identity.password_weak", std::move(message));
}

/// Length is what counts against guessing; the rest keeps out what guessers try first.
Result<void> check_strength(const std::string& password, const std::string& account_name) {
    if (password.size() < kPasswordMin) return weak("密码至少 12 个字符，请换一个更长的。");
    if (password.size() > kPasswordMax) return weak("密码最多 200 个字节，请换一个短一些的。");
    if (std::set<char>(password.begin(), password.end()).size() < kDistinctMin) {
        return weak("密码里重复的字符太多，请换一个。");
    }
    std::string lower = password;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!account_name.empty() && lower.find(account_name) != std::string::npos) {
        return weak("密码里不能有账号名，请换一个。");
    }
    return {};
}

std::string roles_text(const std::vector<authz::Role>& roles) {
    array list;
    for (const auto role : roles) list.emplace_back(to_string(role));
    return boost::json::serialize(list);
}

class IdentityService final : public Identity {
  public:
    explicit IdentityService(const Parts& parts) : parts_(parts) {}

    std::optional<Account> find_account(const authz::AccountId& account_id) override {
        auto row =
            parts_.database.read([&](db::Session& session) { return store::find_account(session, account_id.text); });
        if (!row || !*row) return std::nullopt;
        return account_of(**row);
    }

    std::string name_of(const authz::AccountId& account_id) override {
        const auto account = find_account(account_id);
        if (!account) return account_id.text;
        return account->department_name.empty() ? account->display_name
                                                : account->display_name + "（" + account->department_name + "）";
    }

    Result<std::vector<Account>> find_officers(const OfficerQuery& query) override {
        return parts_.database.read([&](db::Session& session) { return find_officers(session, query); });
    }
    std::vector<Account> find_officers(db::Session& session, const OfficerQuery& query) override;
    Result<Account> create(const NewAccount& wanted, std::int64_t now_ms) override;
    Result<http::Session> authenticate(const http::Credentials& credentials) override;
    std::vector<http::Endpoint> routes() override;
    std::optional<SessionFacts> find_session(const std::string& session_id) override;
    Result<std::string> begin_session(const authz::AccountId& account_id, const std::string& provider) override;

  private:
    Account account_of(const store::AccountRow& row) const;
    Result<http::Reply> sign_in(const Request& request);
    Result<http::Reply> show(const Request& request);
    Result<http::Reply> sign_out(const Request& request);
    Result<Account> check_password(const std::string& account_name, const std::string& password);
    void audit_failed_sign_in(db::Session& session, const std::string& account_id);
    object session_json(const Account& account, const std::string& csrf_token) const;

    Parts parts_;
    SignInLimiter limiter_;
    std::once_flag decoy_made_;
    std::string decoy_hash_;
};

Account IdentityService::account_of(const store::AccountRow& row) const {
    Account account;
    account.account_id = {row.account_id};
    account.account_name = row.account_name;
    account.display_name =
        crypto::open_field(parts_.key_ring, {"accounts", "display_name", row.account_id}, row.display_name)
            .value_or(row.account_name);
    account.kind = authz::parse_account_kind(row.kind).value();
    account.organisation_name = row.organisation_name;
    account.credit_code = row.credit_code;
    account.department = row.department;
    account.department_name = row.department_name;
    account.region_code = row.region_code;
    const auto roles = boost::json::parse(row.roles);
    for (const auto& role : roles.as_array()) {
        if (const auto known = authz::parse_role(role.as_string())) account.roles.push_back(*known);
    }
    return account;
}

std::vector<Account> IdentityService::find_officers(db::Session& session, const OfficerQuery& query) {
    // GB/T 2260: the city of 330106 is 330100, its province 330000.
    const auto above = [&](std::size_t digits) {
        auto code = query.region_code.substr(0, digits);
        code.resize(query.region_code.size(), '0');
        return code;
    };
    const auto rows = store::officers_of(session, query.region_code, above(4), above(2), kOfficersMax);
    std::vector<Account> found;
    for (const auto& row : rows) {
        if (found.size() == query.limit) break;
        if (!query.department.empty() && row.department != query.department) continue;
        auto account = account_of(row);
        const auto has_text = [&](const std::string& where) { return where.find(query.text) != std::string::npos; };
        if (has_text(account.display_name) || has_text(account.department_name)) found.push_back(std::move(account));
    }
    return found;
}

Result<Account> IdentityService::create(const NewAccount& wanted, std::int64_t now_ms) {
    KAIGONG_CHECK(check_strength(wanted.password, wanted.account.account_name));
    // Looked at before the expensive hash; the unique key decides when two come at once.
    KAIGONG_TRY(taken, parts_.database.read([&](db::Session& session) {
        return store::find_account_by_name(session, wanted.account.account_name).has_value();
    }));
    if (taken) return name_taken();
    KAIGONG_TRY(hash, crypto::hash_password(wanted.password, parts_.password_cost));
    auto account = wanted.account;
    account.account_id = new_id<authz::AccountId>(now_ms);
    KAIGONG_TRY(sealed, crypto::seal_field(parts_.key_ring, {"accounts", "display_name", account.account_id.text},
                                           account.display_name));
    const store::AccountRow row{account.account_id.text,
                                account.account_name,
                                hash,
                                sealed,
                                std::string(to_string(account.kind)),
                                account.organisation_name,
                                account.credit_code,
                                account.department,
                                account.department_name,
                                account.region_code,
                                roles_text(account.roles),
                                now_ms};
    return parts_.database.transact([&](db::Session& session) -> Result<Account> {
        if (!store::insert_account(session, row)) {
            return name_taken();
        }
        parts_.audit.write(
            session, {"account", row.account_id, 1, "identity.create_account", "system", "系统", "新建账号", now_ms});
        return account;
    });
}

Result<http::Session> IdentityService::authenticate(const http::Credentials& credentials) {
    if (credentials.cookie.empty()) return signed_out();
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto hash = hash_of(credentials.cookie);
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        auto row = store::find_session(session, hash);
        auto account = row ? store::find_account(session, row->account_id) : std::nullopt;
        return std::pair(std::move(row), std::move(account));
    }));
    const auto& [row, account] = found;
    if (!row || !account) return signed_out();
    if (now_ms - row->last_seen_at_ms > kIdleMs || now_ms - row->created_at_ms > kAbsoluteMs) return signed_out();
    if (now_ms - row->last_seen_at_ms > kTouchEveryMs) {
        KAIGONG_CHECK(
            parts_.database.transact([&](db::Session& session) { store::touch_session(session, hash, now_ms); }));
    }
    return http::Session{hash, actor_of(account_of(*account)), csrf_of(credentials.cookie)};
}

Result<Account> IdentityService::check_password(const std::string& account_name, const std::string& password) {
    std::call_once(decoy_made_, [&] {
        // An unknown name costs as much time as a known one.
        decoy_hash_ = crypto::hash_password("no such account", parts_.password_cost).value_or("");
    });
    KAIGONG_TRY(row, parts_.database.read(
                         [&](db::Session& session) { return store::find_account_by_name(session, account_name); }));
    const auto right = crypto::verify_password(password, row ? row->password_hash : decoy_hash_);
    if (!row || !right || !*right) {
        KAIGONG_CHECK(parts_.database.transact(
            [&](db::Session& session) { audit_failed_sign_in(session, row ? row->account_id : "unknown"); }));
        return error(Errc::unauthenticated, "identity.wrong_credentials", "账号或密码不对，请核对后重新输入。");
    }
    return account_of(*row);
}

/// Never what was typed: people type their password, or somebody else's name, where the account belongs.
void IdentityService::audit_failed_sign_in(db::Session& session, const std::string& account_id) {
    parts_.audit.write(session, {"account", account_id, 1, "identity.sign_in_failed", "anonymous", "未登录的人",
                                 "登录失败", parts_.office_clock.now_ms()});
}

object IdentityService::session_json(const Account& account, const std::string& csrf_token) const {
    array roles;
    for (const auto role : account.roles) roles.emplace_back(to_string(role));
    return {{"account",
             {{"account_id", account.account_id.text},
              {"account_name", account.account_name},
              {"display_name", account.display_name},
              {"kind", to_string(account.kind)},
              {"organisation_name", account.organisation_name},
              {"credit_code", text_or_null(account.credit_code)},
              {"department", text_or_null(account.department)},
              {"department_name", text_or_null(account.department_name)},
              {"region_code", text_or_null(account.region_code)},
              {"roles", std::move(roles)}}},
            {"csrf_token", csrf_token},
            {"demo", parts_.demo},
            {"now_ms", parts_.office_clock.now_ms()}};
}

Result<http::Reply> IdentityService::sign_in(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    auto account_name = reader.text("account", {.length_max = 60});
    const auto password = reader.text("password", {.length_max = 200});
    KAIGONG_CHECK(reader.finish());
    std::ranges::transform(account_name, account_name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto now_ms = parts_.machine_clock.now_ms();
    KAIGONG_CHECK(limiter_.check(account_name, request.client_address, now_ms));
    auto account = check_password(account_name, password);
    if (!account) {
        limiter_.failed(account_name, request.client_address, now_ms);
        return account.error();
    }
    limiter_.succeeded(account_name);
    const auto token = crypto::random_token(kTokenBytes);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        store::remove_sessions_before(session, now_ms - kAbsoluteMs);
        store::insert_session(session, {hash_of(token), account->account_id.text, now_ms, now_ms});
        parts_.audit.write(session,
                           {"account", account->account_id.text, 1, "identity.sign_in", account->account_id.text,
                            account->account_name, "登录", parts_.office_clock.now_ms()});
    }));
    return http::json_reply(session_json(*account, csrf_of(token)))
        .with_header("Set-Cookie", http::session_cookie(token, -1));
}

std::optional<SessionFacts> IdentityService::find_session(const std::string& session_id) {
    const auto row =
        parts_.database.read([&](db::Session& session) { return store::find_session(session, session_id); });
    const auto now_ms = parts_.machine_clock.now_ms();
    if (!row || !*row) return std::nullopt;
    if (now_ms - (*row)->last_seen_at_ms > kIdleMs || now_ms - (*row)->created_at_ms > kAbsoluteMs) return std::nullopt;
    return SessionFacts{{(*row)->account_id}, (*row)->created_at_ms};
}

Result<std::string> IdentityService::begin_session(const authz::AccountId& account_id, const std::string& provider) {
    const auto account = find_account(account_id);
    if (!account) return signed_out();
    const auto now_ms = parts_.machine_clock.now_ms();
    auto token = crypto::random_token(kTokenBytes);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        store::insert_session(session, {hash_of(token), account_id.text, now_ms, now_ms});
        parts_.audit.write(session,
                           {"account", account_id.text, 1, "identity.sign_in", account_id.text, account->account_name,
                            "登录（统一身份：" + provider + "）", parts_.office_clock.now_ms()});
    }));
    return token;
}

Result<http::Reply> IdentityService::show(const Request& request) {
    const auto account = find_account(request.actor().account_id);
    if (!account) return signed_out();
    return http::json_reply(session_json(*account, request.session->csrf_token));
}

Result<http::Reply> IdentityService::sign_out(const Request& request) {
    const auto account_id = request.actor().account_id;
    const auto account = find_account(account_id);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        store::remove_session(session, request.session->session_id);
        parts_.audit.write(session,
                           {"account", account_id.text, 1, "identity.sign_out", account_id.text,
                            account ? account->account_name : account_id.text, "退出", parts_.office_clock.now_ms()});
    }));
    return http::no_content().with_header("Set-Cookie", http::session_cookie("", 0));
}

std::vector<http::Endpoint> IdentityService::routes() {
    return {
        {.method = Method::post,
         .path = "/api/v1/session",
         .access = Access::anonymous,
         .pool = http::Pool::slow,
         .handler = [this](const Request& request) { return sign_in(request); }},
        {.method = Method::get,
         .path = "/api/v1/session",
         .handler = [this](const Request& request) { return show(request); }},
        {.method = Method::del,
         .path = "/api/v1/session",
         .handler = [this](const Request& request) { return sign_out(request); }},
    };
}

}  // namespace

authz::Actor actor_of(const Account& account) {
    return {account.account_id, account.kind,        account.credit_code,
            account.department, account.region_code, account.roles};
}

std::unique_ptr<Identity> make_identity(Parts parts) {
    return std::make_unique<IdentityService>(parts);
}

}  // namespace kaigong::identity
