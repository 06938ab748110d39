#include "modules/oauth/provider_sign_in.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "base/json_members.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "http/authenticator.hpp"
#include "http/html.hpp"
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
/// Between the provider's clock and ours.
constexpr std::int64_t kSkewMs = 60'000;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kNextBytesMax = 500;
constexpr std::size_t kNameMax = 50;
constexpr const char* kSignInPage = "/app/sign-in?";
constexpr const char* kLinkedPage = "/app/account?provider=linked";
constexpr std::size_t kAccountNameBytes = 12;

Error visit_gone() {
    return error(Errc::invalid_input, "oauth.visit_not_there",
                 "这次登录已过期，或不是从这个浏览器开始的。请回到登录页重新开始。");
}

Error already_linked() {
    return error(Errc::conflict, "oauth.already_linked",
                 "这个统一身份已绑定其他账号，或本账号已绑定，请先解除原来的绑定。");
}

/// It kept the sign-on of before, or does not say when it looked at the person.
Error not_proved_again() {
    return error(Errc::unauthenticated, "oauth.not_proved_again",
                 "统一身份平台没有重新核验您的身份，这次没有登录。请在那里退出后重新登录；仍不行的，请联系管理员。");
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

/// Where a fault of this visit is told: with where the person wanted to go, as the web client's own pages name it.
std::string page_of(const store::VisitRow& visit) {
    if (!visit.account_id.empty()) return "/app/account?";
    const auto next = visit.next_path.substr(std::string_view("/app").size());
    return kSignInPage + (next == "/" ? "" : "next=" + http::encode_component(next) + "&");
}

std::string subject_hash_of(const Provider& provider, const std::string& subject) {
    return hash_of(provider.settings().issuer + "\n" + subject);
}

}  // namespace

Result<std::string> ProviderSignIn::begin(const Visit& visit, const Linking& linking, const std::string& next_path,
                                          bool proves_again) {
    KAIGONG_TRY(endpoint, provider_->authorization_endpoint());
    const store::VisitRow row{hash_of(visit.state),
                              hash_of(visit.browser),
                              linking.account_id,
                              next_path,
                              parts_.machine_clock.now_ms() + kVisitMs,
                              linking.session_id,
                              proves_again};
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::insert_visit(session, row); }));
    const auto address = answer_address(endpoint, {{"response_type", "code"},
                                                   {"client_id", provider_->settings().client_id},
                                                   {"redirect_uri", redirect_uri()},
                                                   {"scope", "openid profile"},
                                                   {"state", visit.state},
                                                   {"nonce", derived(visit.browser, "nonce")},
                                                   {"code_challenge", challenge_of(derived(visit.browser, "verifier"))},
                                                   {"code_challenge_method", "S256"}});
    // Both: max_age makes auth_time compulsory (OpenID Connect Core 2), prompt shows the page where it is unknown.
    return proves_again ? answer_address(address, {{"prompt", "login"}, {"max_age", "0"}}) : address;
}

Result<http::Reply> ProviderSignIn::sign_in(const Request& request) {
    if (!begun_.take(request.client_address, parts_.machine_clock.now_ms())) return too_many_attempts();
    const Visit visit{crypto::random_token(kSecretBytes), crypto::random_token(kSecretBytes)};
    const bool proves_again = request.query_parameter("again").value_or("") == "1";
    KAIGONG_TRY(address, begin(visit, {}, safe_next(request.query_parameter("next").value_or("")), proves_again));
    return http::redirect(address).with_header("Set-Cookie", browser_cookie(visit.browser, kVisitMs / 1000));
}

/// Whoever the account is bound to comes in as its owner from then on.
Result<http::Reply> ProviderSignIn::link(const Request& request) {
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const Visit visit{crypto::random_token(kSecretBytes), crypto::random_token(kSecretBytes)};
    KAIGONG_TRY(address,
                begin(visit, {request.actor().account_id.text, request.session->session_id}, kLinkedPage, false));
    return http::json_reply({{"redirect_to", address}})
        .with_header("Set-Cookie", browser_cookie(visit.browser, kVisitMs / 1000));
}

Result<http::Reply> ProviderSignIn::unlink(const Request& request) {
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const auto by = request.actor().account_id;
    const auto name = parts_.identity.name_of(by);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        if (!store::find_link_of(session, by.text)) return {};
        // Whoever knows no password, or may not use it, would never come in again.
        if (!parts_.identity.has_password_way_in(session, by)) {
            return error(
                Errc::conflict, "oauth.only_way_in",
                "统一身份是您进入本账号的唯一方式，现在不能解除。申请人请先绑定手机号，再用“找回密码”设置密码；"
                "工作人员请先向系统管理员要一个密码。本单位规定只从统一身份平台登录的，不能解除。");
        }
        store::remove_link(session, by.text);
        parts_.audit.write(session, {"account", by.text, 1, "oauth.unlink_provider", by.text, name,
                                     "解除与统一身份平台的绑定", parts_.office_clock.now_ms()});
        return {};
    }));
    return http::no_content();
}

Result<http::Reply> ProviderSignIn::show_link(const Request& request) {
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) {
        return store::find_link_of(session, request.actor().account_id.text);
    }));
    return http::json_reply({{"linked_at_ms", row ? boost::json::value(row->linked_at_ms) : nullptr}});
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

/// Who links himself still sits there: his session lives, and where the browser shows one it is that one. Its cookie
/// does not come along from another site (SameSite=Strict), so that it may be missing.
Result<void> ProviderSignIn::check_session(const Request& request, const store::VisitRow& visit) {
    const auto facts = parts_.identity.find_session(visit.session_id);
    if (!facts || facts->account_id.text != visit.account_id) return visit_gone();
    const auto cookie = request.cookie(http::kSessionCookie);
    if (!cookie) return {};
    http::Credentials shown;
    shown.cookie = *cookie;
    const auto session = parts_.identity.authenticate(shown);
    if (!session || session->session_id != visit.session_id) return visit_gone();
    return {};
}

Result<http::Reply> ProviderSignIn::come_back(const Request& request) {
    const std::string browser(request.cookie(kBrowserCookie).value_or(""));
    KAIGONG_TRY(visit, take_visit(request, browser));
    return for_browsers(page_of(visit), [&](const Request& inner) { return finish(inner, browser, visit); })(request);
}

Result<http::Reply> ProviderSignIn::finish(const Request& request, const std::string& browser,
                                           const store::VisitRow& visit) {
    // RFC 9207: an answer that names another server is not for this visit (mix-up).
    const auto issuer = request.query_parameter("iss");
    if (issuer && *issuer != provider_->settings().issuer) return visit_gone();
    const std::string code(request.query_parameter("code").value_or(""));
    if (code.empty()) {
        return error(Errc::unauthenticated, "oauth.provider_refused",
                     "统一身份平台没有认可这次登录，请回到登录页重新开始。");
    }
    if (!visit.account_id.empty()) KAIGONG_CHECK(check_session(request, visit));
    KAIGONG_TRY(vouched,
                provider_->redeem(code, redirect_uri(), derived(browser, "verifier"), derived(browser, "nonce")));
    const auto subject_hash = subject_hash_of(*provider_, vouched.subject);
    const auto gone = browser_cookie("", 0);
    if (!visit.account_id.empty()) {
        KAIGONG_CHECK(save_link(subject_hash, authz::AccountId{visit.account_id}));
        KAIGONG_CHECK(take_id_number(vouched, authz::AccountId{visit.account_id}));
        return http::redirect(visit.next_path).with_header("Set-Cookie", gone);
    }
    if (visit.proves_again && vouched.proven_at_ms < visit.expires_at_ms - kVisitMs - kSkewMs)
        return not_proved_again();
    KAIGONG_TRY(account_id, account_for(vouched, subject_hash));
    KAIGONG_CHECK(take_id_number(vouched, account_id));
    KAIGONG_TRY(cookie, parts_.identity.begin_session(account_id, request, vouched.proven_at_ms));
    return http::redirect(visit.next_path)
        .with_header("Set-Cookie", http::session_cookie(cookie, -1))
        .with_header("Set-Cookie", gone);
}

Result<void> ProviderSignIn::take_id_number(const Vouched& vouched, const authz::AccountId& account_id) {
    const auto& claim = provider_->settings().id_number_claim;
    const auto id_number = claim.empty() ? std::string() : text_of(vouched.claims, claim);
    return id_number.empty() ? Result<void>() : parts_.identity.vouch_for_id_number(account_id, id_number);
}

Result<void> ProviderSignIn::insert_link(db::Session& session, const std::string& subject_hash,
                                         const authz::AccountId& account_id, const std::string& name) {
    const auto now_ms = parts_.machine_clock.now_ms();
    if (!store::insert_link(session, {new_uuid(now_ms), subject_hash, account_id.text, now_ms}))
        return already_linked();
    parts_.audit.write(session, {"account", account_id.text, 1, "oauth.link_provider", account_id.text, name,
                                 "与统一身份平台绑定", parts_.office_clock.now_ms()});
    return {};
}

Result<void> ProviderSignIn::save_link(const std::string& subject_hash, const authz::AccountId& account_id) {
    const auto name = parts_.identity.name_of(account_id);
    return parts_.database.transact(
        [&](db::Session& session) { return insert_link(session, subject_hash, account_id, name); });
}

Result<authz::AccountId> ProviderSignIn::account_for(const Vouched& vouched, const std::string& subject_hash) {
    const auto find = [&] {
        return parts_.database.read([&](db::Session& session) { return store::find_link(session, subject_hash); });
    };
    KAIGONG_TRY(linked, find());
    if (linked) return authz::AccountId{linked->account_id};
    auto made = provision(vouched, subject_hash);
    if (made || made.error().reason != "oauth.already_linked") return made;
    // The same person came in twice at once: the account is that of the other time.
    KAIGONG_TRY(meanwhile, find());
    if (!meanwhile) return made;
    return authz::AccountId{meanwhile->account_id};
}

/// A new account has no rights: the public's has its own things, an officer's gets posts from the administrators. It
/// has no password either, so account and binding are made together: nobody could enter one without the other.
Result<authz::AccountId> ProviderSignIn::provision(const Vouched& vouched, const std::string& subject_hash) {
    const auto& settings = provider_->settings();
    const bool officer = settings.provision == Provision::officers && !settings.officer_claim.empty() &&
                         text_of(vouched.claims, settings.officer_claim) == settings.officer_value;
    if (!officer && settings.provision != Provision::public_accounts) {
        return error(Errc::forbidden, "oauth.not_linked",
                     "您的统一身份还没有绑定本系统的账号。请先用账号和密码登录并绑定，或联系管理员开通。");
    }
    identity::Account wanted;
    // Of chance and not of the subject: who knows the subject can't take the name before.
    wanted.account_name = "p-" + crypto::to_hex(crypto::random_bytes(kAccountNameBytes));
    const auto name = text_of(vouched.claims, settings.name_claim);
    wanted.display_name = name.empty() ? "统一身份用户" : printable(name, kNameMax);
    wanted.kind = officer ? authz::AccountKind::officer : authz::AccountKind::owner_agent;
    if (!officer) wanted.roles = {authz::Role::public_user};
    return parts_.database.transact([&](db::Session& session) -> Result<authz::AccountId> {
        KAIGONG_TRY(account, parts_.identity.create_without_password(session, wanted, parts_.machine_clock.now_ms()));
        KAIGONG_CHECK(insert_link(session, subject_hash, account.account_id, wanted.display_name));
        return account.account_id;
    });
}

http::Handler ProviderSignIn::for_browsers(std::string page, http::Handler act) {
    return [page = std::move(page), act = std::move(act)](const Request& request) -> Result<http::Reply> {
        auto reply = act(request);
        const bool by_browser = request.header("accept").value_or("").find("text/html") != std::string_view::npos;
        if (reply || !by_browser) return reply;
        log_error(LogLevel::info, "oauth.provider_visit_failed", reply.error());
        return http::redirect(page + "provider=" + http::encode_component(reply.error().reason));
    };
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
         .handler = for_browsers(kSignInPage, with_provider(&ProviderSignIn::sign_in))},
        {.method = Method::get,
         .path = "/oauth/provider/callback",
         .access = Access::anonymous,
         .pool = Pool::slow,
         .handler = for_browsers(kSignInPage, with_provider(&ProviderSignIn::come_back))},
        {.method = Method::get,
         .path = "/api/v1/oauth/provider/link",
         .handler = [this](const Request& request) { return show_link(request); }},
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
