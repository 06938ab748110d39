#include "modules/oauth/provider_sign_in.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "base/json_members.hpp"
#include "base/text.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "modules/oauth/addresses.hpp"
#include "modules/oauth/wire.hpp"

namespace kaigong::oauth {
namespace {

using http::Access;
using http::Method;
using http::Pool;
using http::Request;

constexpr std::string_view kBrowserCookie = "__Host-kaigong-provider";
constexpr std::int64_t kVisitMs = 10LL * 60'000;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kNextBytesMax = 500;
constexpr std::size_t kNameMax = 50;
constexpr std::size_t kAccountNameDigits = 24;

Error visit_gone() {
    return error(Errc::invalid_input, "oauth.visit_not_there",
                 "这次登录已过期，或不是从这个浏览器开始的。请回到登录页重新开始。");
}

std::string derived(const std::string& browser, std::string_view use) {
    return crypto::to_base64url(crypto::hmac_sha256(crypto::view(browser), crypto::view(use)));
}

std::string challenge_of(const std::string& verifier) {
    return crypto::to_base64url(crypto::sha256(crypto::view(verifier)));
}

/// Lax and not Strict: it has to come along when the provider sends the browser back.
std::string browser_cookie(const std::string& value, std::int64_t max_age_s) {
    return fmt::format("{}={}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age={}", kBrowserCookie, value, max_age_s);
}

/// Only pages of the web client.
std::string safe_next(std::string_view wanted) {
    const bool plain = std::ranges::all_of(wanted, [](char c) { return c > ' ' && c < '\x7F' && c != '\\'; });
    return wanted.starts_with("/app/") && plain && wanted.size() <= kNextBytesMax ? std::string(wanted) : "/app/";
}

std::string subject_hash_of(const Provider& provider, const std::string& subject) {
    return hash_of(provider.settings().issuer + "\n" + subject);
}

}  // namespace

Result<std::string> ProviderSignIn::begin(const Visit& visit, const std::string& account_id,
                                          const std::string& next_path) {
    KAIGONG_TRY(endpoint, provider_->authorization_endpoint());
    const store::VisitRow row{hash_of(visit.state), hash_of(visit.browser), account_id, next_path,
                              parts_.machine_clock.now_ms() + kVisitMs};
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::insert_visit(session, row); }));
    return answer_address(endpoint, {{"response_type", "code"},
                                     {"client_id", provider_->settings().client_id},
                                     {"redirect_uri", redirect_uri()},
                                     {"scope", "openid profile"},
                                     {"state", visit.state},
                                     {"nonce", derived(visit.browser, "nonce")},
                                     {"code_challenge", challenge_of(derived(visit.browser, "verifier"))},
                                     {"code_challenge_method", "S256"}});
}

Result<http::Reply> ProviderSignIn::sign_in(const Request& request) {
    const Visit visit{crypto::random_token(kSecretBytes), crypto::random_token(kSecretBytes)};
    KAIGONG_TRY(address, begin(visit, "", safe_next(request.query_parameter("next").value_or(""))));
    return http::redirect(address).with_header("Set-Cookie", browser_cookie(visit.browser, kVisitMs / 1000));
}

/// Whoever the account is bound to comes in as its owner from then on.
Result<http::Reply> ProviderSignIn::link(const Request& request) {
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const Visit visit{crypto::random_token(kSecretBytes), crypto::random_token(kSecretBytes)};
    KAIGONG_TRY(address, begin(visit, request.actor().account_id.text, "/app/"));
    return http::json_reply({{"redirect_to", address}})
        .with_header("Set-Cookie", browser_cookie(visit.browser, kVisitMs / 1000));
}

Result<http::Reply> ProviderSignIn::unlink(const Request& request) {
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const auto by = request.actor().account_id;
    const auto name = parts_.identity.name_of(by);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        store::remove_link(session, by.text);
        parts_.audit.write(session, {"account", by.text, 1, "oauth.unlink_provider", by.text, name,
                                     "解除与统一身份平台的绑定", parts_.office_clock.now_ms()});
    }));
    return http::no_content();
}

http::Reply ProviderSignIn::show() const {
    if (!provider_) return http::json_reply({{"provider", nullptr}});
    return http::json_reply({{"provider",
                              {{"chinese", provider_->settings().chinese},
                               {"english", provider_->settings().english},
                               {"sign_in_path", "/oauth/provider/sign-in"}}}});
}

http::Handler ProviderSignIn::with_provider(Result<http::Reply> (ProviderSignIn::*act)(const Request&)) {
    return [this, act](const Request& request) -> Result<http::Reply> {
        if (!provider_) {
            return error(Errc::not_found, "oauth.no_provider", "本系统没有接入统一身份平台，请用账号和密码登录。");
        }
        return (this->*act)(request);
    };
}

/// Once, and only for the browser that began: in another one's hands it is gone as well.
Result<store::VisitRow> ProviderSignIn::take_visit(const Request& request, const std::string& browser) {
    const std::string state(request.query_parameter("state").value_or(""));
    KAIGONG_TRY(row, parts_.database.transact(
                         [&](db::Session& session) { return store::take_visit(session, hash_of(state)); }));
    const bool own =
        row && crypto::equal_constant_time(crypto::view(row->browser_hash), crypto::view(hash_of(browser)));
    if (!own || row->expires_at_ms <= parts_.machine_clock.now_ms()) return visit_gone();
    return std::move(*row);
}

Result<http::Reply> ProviderSignIn::come_back(const Request& request) {
    const std::string browser(request.cookie(kBrowserCookie).value_or(""));
    KAIGONG_TRY(visit, take_visit(request, browser));
    // RFC 9207: an answer that names another server is not for this visit (mix-up).
    const auto issuer = request.query_parameter("iss");
    if (issuer && *issuer != provider_->settings().issuer) return visit_gone();
    const std::string code(request.query_parameter("code").value_or(""));
    if (code.empty()) {
        return error(Errc::unauthenticated, "oauth.provider_refused",
                     "统一身份平台没有认可这次登录，请回到登录页重新开始。");
    }
    KAIGONG_TRY(vouched,
                provider_->redeem(code, redirect_uri(), derived(browser, "verifier"), derived(browser, "nonce")));
    const auto subject_hash = subject_hash_of(*provider_, vouched.subject);
    const auto gone = browser_cookie("", 0);
    if (!visit.account_id.empty()) {
        KAIGONG_CHECK(save_link(subject_hash, authz::AccountId{visit.account_id}));
        return http::redirect(visit.next_path).with_header("Set-Cookie", gone);
    }
    KAIGONG_TRY(account_id, account_for(vouched, subject_hash));
    KAIGONG_TRY(cookie, parts_.identity.begin_session(account_id, request));
    return http::redirect(visit.next_path)
        .with_header("Set-Cookie", http::session_cookie(cookie, -1))
        .with_header("Set-Cookie", gone);
}

Result<void> ProviderSignIn::save_link(const std::string& subject_hash, const authz::AccountId& account_id) {
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto name = parts_.identity.name_of(account_id);
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        if (!store::insert_link(session, {new_uuid(now_ms), subject_hash, account_id.text, now_ms})) {
            return error(Errc::conflict, "oauth.already_linked",
                         "这个统一身份已绑定其他账号，或本账号已绑定，请先解除原来的绑定。");
        }
        parts_.audit.write(session, {"account", account_id.text, 1, "oauth.link_provider", account_id.text, name,
                                     "与统一身份平台绑定", parts_.office_clock.now_ms()});
        return {};
    });
}

Result<authz::AccountId> ProviderSignIn::account_for(const Vouched& vouched, const std::string& subject_hash) {
    KAIGONG_TRY(linked,
                parts_.database.read([&](db::Session& session) { return store::find_link(session, subject_hash); }));
    if (linked) return authz::AccountId{linked->account_id};
    return provision(vouched, subject_hash);
}

/// A new account has no rights: the public's has its own things, an officer's gets posts from the administrators.
Result<authz::AccountId> ProviderSignIn::provision(const Vouched& vouched, const std::string& subject_hash) {
    const auto& settings = provider_->settings();
    const bool officer = settings.provision == Provision::officers && !settings.officer_claim.empty() &&
                         text_of(vouched.claims, settings.officer_claim) == settings.officer_value;
    if (!officer && settings.provision != Provision::public_accounts) {
        return error(Errc::forbidden, "oauth.not_linked",
                     "您的统一身份还没有绑定本系统的账号。请先用账号和密码登录并绑定，或联系管理员开通。");
    }
    identity::NewAccount wanted;
    wanted.account.account_name = "p-" + subject_hash.substr(0, kAccountNameDigits);
    const auto name = text_of(vouched.claims, settings.name_claim);
    wanted.account.display_name = name.empty() ? "统一身份用户" : printable(name, kNameMax);
    wanted.account.kind = officer ? authz::AccountKind::officer : authz::AccountKind::owner_agent;
    if (!officer) wanted.account.roles = {authz::Role::public_user};
    // Nobody knows it: the account is entered through the provider.
    wanted.password = crypto::random_token(kSecretBytes);
    KAIGONG_TRY(account, parts_.identity.create(wanted, parts_.machine_clock.now_ms()));
    KAIGONG_CHECK(save_link(subject_hash, account.account_id));
    return account.account_id;
}

std::vector<http::Endpoint> ProviderSignIn::routes() {
    return {
        {.method = Method::get,
         .path = "/api/v1/oauth/provider",
         .access = Access::anonymous,
         .handler = [this](const Request&) -> Result<http::Reply> { return show(); }},
        // Each waits for the provider.
        {.method = Method::get,
         .path = "/oauth/provider/sign-in",
         .access = Access::anonymous,
         .pool = Pool::slow,
         .handler = with_provider(&ProviderSignIn::sign_in)},
        {.method = Method::get,
         .path = "/oauth/provider/callback",
         .access = Access::anonymous,
         .pool = Pool::slow,
         .handler = with_provider(&ProviderSignIn::come_back)},
        {.method = Method::post,
         .path = "/api/v1/oauth/provider/link",
         .pool = Pool::slow,
         .handler = with_provider(&ProviderSignIn::link)},
        {.method = Method::del,
         .path = "/api/v1/oauth/provider/link",
         .handler = with_provider(&ProviderSignIn::unlink)},
    };
}

}  // namespace kaigong::oauth
