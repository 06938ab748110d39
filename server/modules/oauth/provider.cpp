#include "modules/oauth/provider.hpp"

#include <algorithm>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "crypto/jwt.hpp"
#include "http/client.hpp"
#include "http/html.hpp"

namespace kaigong::oauth {
namespace {

using boost::json::object;

constexpr std::int64_t kFactsKeptMs = 3'600'000;
constexpr std::int64_t kKeysKeptMs = 3'600'000;
constexpr std::int64_t kKeysAgainMs = 60'000;
constexpr std::int64_t kSkewS = 60;
constexpr std::size_t kAnswerBytesMax = 256UL << 10U;
constexpr std::size_t kSubjectBytesMax = 255;
constexpr std::chrono::milliseconds kDeadline{5'000};
constexpr int kOk = 200;

Error away() {
    return error(Errc::unavailable, "oauth.provider_away",
                 "统一身份平台现在连接不上，请稍后再试。急需办理的，指定的应急账号可以用密码和第二步验证登录。");
}

Error unfit() {
    return error(Errc::unavailable, "oauth.provider_unfit",
                 "统一身份平台的答复不符合约定，没有登录。请管理员核对接入配置；应急账号可以用密码登录。");
}

Error not_proved() {
    return error(Errc::unauthenticated, "oauth.identity_not_proved",
                 "统一身份平台给出的身份凭证没有通过核验，没有登录。请重新登录；仍不行请联系管理员。");
}

/// Ours, and where others are named too, given to us (`azp`).
bool is_for_us(const object& claims, const std::string& client_id) {
    const auto* audience = claims.if_contains("aud");
    if (audience == nullptr) return false;
    const auto azp = text_of(claims, "azp");
    if (!azp.empty() && azp != client_id) return false;
    if (const auto* one = audience->if_string()) return std::string_view(*one) == client_id;
    const auto* list = audience->if_array();
    if (list == nullptr || (list->size() > 1 && azp.empty())) return false;
    return std::ranges::any_of(*list, [&](const boost::json::value& one) {
        const auto* text = one.if_string();
        return text != nullptr && std::string_view(*text) == client_id;
    });
}

std::string form_of(std::initializer_list<std::pair<std::string_view, std::string>> fields) {
    std::string form;
    for (const auto& [name, value] : fields) {
        form += (form.empty() ? "" : "&") + std::string(name) + "=" + http::encode_component(value);
    }
    return form;
}

/// Only the issuer's own host and those that the configuration names: what a provider writes into its metadata leads
/// this server nowhere else.
Result<http::CallPolicy> policy_of(const ProviderSettings& settings) {
    KAIGONG_TRY(issuer, http::Address::parse(settings.issuer));
    auto entries = settings.hosts;
    entries.push_back(issuer.authority());
    return http::CallPolicy::parse(entries);
}

}  // namespace

Result<void> check_provider_settings(const ProviderSettings& settings) {
    const auto address = http::Address::parse(settings.issuer);
    const bool local = address && (address->host == "127.0.0.1" || address->host == "::1");
    const bool secure = address && (address->secure || local) && !settings.issuer.ends_with('/');
    const bool told = !settings.client_id.empty() && !settings.client_secret.empty() && !settings.chinese.empty();
    const bool ruled = settings.provision != Provision::officers ||
                       (!settings.officer_claim.empty() && !settings.officer_value.empty());
    if (secure && told && ruled && policy_of(settings)) return {};
    return error(
        Errc::invalid_input, "oauth.provider_settings_unfit",
        "统一身份平台的配置不完整：provider.issuer 须是不带末尾斜线的 https 地址，client_id、client_secret_file、"
        "words 必填；provision 为 officers 时还要填 officer_claim 和 officer_value。");
}

Provider::Provider(ProviderSettings settings, const Clock& clock)
    : settings_(std::move(settings)), policy_(policy_of(settings_).value()), clock_(clock) {}

/// From https never to http, whatever the metadata says.
bool Provider::may_call(const std::string& url) const {
    const auto address = http::Address::parse(url);
    const bool downgraded = settings_.issuer.starts_with("https://") && !url.starts_with("https://");
    return address && !downgraded && policy_.check(*address).has_value();
}

Result<object> Provider::fetch(const std::string& url, const std::string& form) const {
    if (!may_call(url)) return unfit();
    http::Call call;
    call.method = form.empty() ? http::Method::get : http::Method::post;
    call.url = url;
    call.body = form;
    if (!form.empty()) call.content_type = "application/x-www-form-urlencoded";
    const auto answer =
        http::call(call, {.deadline = kDeadline, .body_bytes_max = kAnswerBytesMax, .policy = &policy_});
    if (!answer) {
        log_error(LogLevel::warning, "oauth.provider_call_failed", answer.error());
        return answer.error().code == Errc::unavailable ? away() : unfit();
    }
    if (answer->status >= 500) return away();
    if (answer->status != kOk && !form.empty()) {
        return error(Errc::unauthenticated, "oauth.provider_refused",
                     "统一身份平台没有认可这次登录，请回到登录页重新开始。");
    }
    if (answer->status != kOk) return unfit();
    auto json = parse_json(answer->body, {.bytes_max = kAnswerBytesMax, .depth_max = 10, .values_max = 5'000});
    if (!json || !json->is_object()) return unfit();
    return std::move(json->as_object());
}

Result<Provider::Facts> Provider::read_facts() {
    KAIGONG_TRY(json, fetch(settings_.issuer + "/.well-known/openid-configuration", ""));
    Facts facts{text_of(json, "authorization_endpoint"), text_of(json, "token_endpoint"), text_of(json, "jwks_uri"),
                clock_.now_ms()};
    // Another issuer would sign in whoever it likes.
    const bool fits = text_of(json, "issuer") == settings_.issuer && may_call(facts.authorization_endpoint) &&
                      may_call(facts.token_endpoint) && may_call(facts.jwks_uri);
    if (!fits) return unfit();
    return facts;
}

Result<Provider::Facts> Provider::facts() {
    {
        const std::scoped_lock lock(mutex_);
        if (facts_ && clock_.now_ms() - facts_->read_at_ms < kFactsKeptMs) return *facts_;
    }
    KAIGONG_TRY(read, read_facts());
    const std::scoped_lock lock(mutex_);
    facts_ = read;
    return std::move(read);
}

Result<std::vector<crypto::Jwk>> Provider::keys(const Facts& facts, bool anew) {
    {
        const std::scoped_lock lock(mutex_);
        const auto now_ms = clock_.now_ms();
        const bool there = keys_.read_at_ms != 0 && now_ms - keys_.read_at_ms < kKeysKeptMs;
        // Anybody can write a key's name into a token: he does not make this server ask the provider each time.
        if (there && (!anew || now_ms - keys_.asked_anew_at_ms < kKeysAgainMs)) return keys_.keys;
        if (anew) keys_.asked_anew_at_ms = now_ms;
    }
    KAIGONG_TRY(json, fetch(facts.jwks_uri, ""));
    auto read = crypto::read_jwk_set(json);
    if (!read) return unfit();
    const std::scoped_lock lock(mutex_);
    keys_.keys = std::move(*read);
    keys_.read_at_ms = clock_.now_ms();
    return keys_.keys;
}

Result<std::string> Provider::authorization_endpoint() {
    KAIGONG_TRY(known, facts());
    return known.authorization_endpoint;
}

Result<void> Provider::check_signature(const std::string& token, const Facts& facts) {
    const auto jwt = crypto::read_jwt(token);
    if (!jwt) return not_proved();
    for (const bool anew : {false, true}) {
        KAIGONG_TRY(known, keys(facts, anew));
        const bool right = std::ranges::any_of(known, [&](const crypto::Jwk& key) {
            const bool named = jwt->key_id.empty() || key.key_id == jwt->key_id;
            const bool meant = key.algorithm.empty() || key.algorithm == crypto::to_string(jwt->algorithm);
            return named && meant && crypto::verify_jwt(*jwt, key.public_key_info);
        });
        if (right) return {};
    }
    return not_proved();
}

Result<void> Provider::check_claims(const object& claims, const std::string& nonce) const {
    const auto now_s = clock_.now_ms() / 1000;
    const auto expires_s = crypto::seconds_of_claim(claims, "exp");
    const auto issued_s = crypto::seconds_of_claim(claims, "iat");
    const auto subject = text_of(claims, "sub");
    const auto given = text_of(claims, "nonce");
    const bool in_time = expires_s && *expires_s > now_s - kSkewS && issued_s && *issued_s <= now_s + kSkewS;
    const bool ours = text_of(claims, "iss") == settings_.issuer && is_for_us(claims, settings_.client_id);
    const bool fresh = crypto::equal_constant_time(crypto::view(given), crypto::view(nonce));
    if (!in_time || !ours || !fresh || subject.empty() || subject.size() > kSubjectBytesMax) return not_proved();
    return {};
}

Result<Vouched> Provider::redeem(const std::string& code, const std::string& redirect_uri, const std::string& verifier,
                                 const std::string& nonce) {
    KAIGONG_TRY(known, facts());
    KAIGONG_TRY(answer, fetch(known.token_endpoint, form_of({{"grant_type", "authorization_code"},
                                                             {"code", code},
                                                             {"redirect_uri", redirect_uri},
                                                             {"code_verifier", verifier},
                                                             {"client_id", settings_.client_id},
                                                             {"client_secret", settings_.client_secret.reveal()}})));
    const auto token = text_of(answer, "id_token");
    KAIGONG_CHECK(check_signature(token, known));
    KAIGONG_TRY(jwt, crypto::read_jwt(token));
    KAIGONG_CHECK(check_claims(jwt.claims, nonce));
    const auto proven_s = crypto::seconds_of_claim(jwt.claims, "auth_time").value_or(0);
    return Vouched{text_of(jwt.claims, "sub"), jwt.claims, proven_s * 1000};
}

}  // namespace kaigong::oauth
