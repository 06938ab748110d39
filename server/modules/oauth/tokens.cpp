// The token endpoint (RFC 6749 4–6, RFC 7636 4.6, RFC 8628 3.4, OpenID Connect Core 3.1.3).
#include "modules/oauth/tokens.hpp"

#include <algorithm>

#include "base/id.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "modules/oauth/account_stamp.hpp"
#include "modules/oauth/authorization.hpp"

namespace kaigong::oauth {
namespace {

using boost::json::object;

constexpr std::int64_t kAccessMs = 10LL * 60'000;
constexpr std::int64_t kIdTokenMs = 10LL * 60'000;
/// A refresh token that nobody uses.
constexpr std::int64_t kRefreshIdleMs = 30LL * 24 * 3'600'000;
constexpr std::int64_t kSystemGrantMs = kAccessMs;
constexpr std::int64_t kSlowerByMs = 5'000;
constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kVerifierBytesMin = 43;
constexpr std::size_t kVerifierBytesMax = 128;

Error invalid_grant() {
    return wire_error("invalid_grant", "授权码或令牌不存在、已用过、已过期，或不属于这个接入系统，请重新取得授权。");
}

bool verifies(const std::string& verifier, const std::string& challenge) {
    if (verifier.size() < kVerifierBytesMin || verifier.size() > kVerifierBytesMax) return false;
    const auto made = crypto::to_base64url(crypto::sha256(crypto::view(verifier)));
    return crypto::equal_constant_time(crypto::view(made), crypto::view(challenge));
}

}  // namespace

Result<http::Reply> Tokens::give(const http::Request& request) {
    KAIGONG_TRY(form, Form::read(request));
    KAIGONG_TRY(client, clients_.authenticate(request, form));
    KAIGONG_TRY(type, form.need("grant_type"));
    const auto allowed = [&](GrantType wanted) { return client.registration.may_use(wanted); };
    if (type == "authorization_code" && allowed(GrantType::authorization_code)) return give_for_code(client, form);
    if (type == "refresh_token" && allowed(GrantType::refresh_token)) return give_for_refresh(client, form);
    if (type == "client_credentials" && allowed(GrantType::client_credentials)) return give_for_system(client, form);
    const bool device = type == "urn:ietf:params:oauth:grant-type:device_code";
    if (device && allowed(GrantType::device_code)) return give_for_device(client, form);
    const bool known =
        device || type == "authorization_code" || type == "refresh_token" || type == "client_credentials";
    return known ? wire_error("unauthorized_client", "这类接入系统不能用这种方式取令牌，请核对登记。")
                 : wire_error("unsupported_grant_type", "不支持这种取令牌的方式（grant_type），请按接入说明改正。");
}

Result<Tokens::Holder> Tokens::holder_of(const store::GrantRow& grant, const Client& client) {
    if (client.registration.kind == ClientKind::system) return Holder{grant.account_id == client.client_id};
    KAIGONG_TRY(account, parts_.identity.find_acting(authz::AccountId{grant.account_id}, grant.organisation_id));
    if (!account || account->state != "active") return Holder{};
    const bool unchanged = account_stamp(*account) == grant.account_stamp;
    return Holder{unchanged, std::move(account)};
}

Tokens::Fresh Tokens::fresh_tokens(const Client& client, const store::GrantRow& grant, ScopeNames scopes) const {
    Fresh fresh;
    fresh.now_ms = parts_.machine_clock.now_ms();
    fresh.access_token = crypto::random_token(kTokenBytes);
    fresh.access_until_ms = std::min(fresh.now_ms + kAccessMs, grant.expires_at_ms);
    // What the family may, not what this token was narrowed to.
    const bool stays = has_scope(scopes_of_row(grant.scopes), kOfflineAccess);
    if (stays && client.registration.may_use(GrantType::refresh_token)) {
        fresh.refresh_token = crypto::random_token(kTokenBytes);
        fresh.refresh_until_ms = std::min(fresh.now_ms + kRefreshIdleMs, grant.expires_at_ms);
    }
    fresh.scopes = std::move(scopes);
    return fresh;
}

void Tokens::save(db::Session& session, const std::string& grant_id, const Fresh& fresh) {
    const auto scopes = scopes_json_text(fresh.scopes);
    store::remove_access_tokens_before(session, grant_id, fresh.now_ms);
    store::insert_token(
        session, {hash_of(fresh.access_token), grant_id, "access", scopes, fresh.now_ms, fresh.access_until_ms, 0});
    if (fresh.refresh_token.empty()) return;
    store::insert_token(
        session, {hash_of(fresh.refresh_token), grant_id, "refresh", scopes, fresh.now_ms, fresh.refresh_until_ms, 0});
}

void Tokens::revoke_family(db::Session& session, const store::GrantRow& grant, const char* act,
                           const std::string& summary) {
    store::revoke_grant(session, grant.grant_id, parts_.machine_clock.now_ms());
    parts_.audit.write(session, {"oauth_grant", grant.grant_id, 1, act, grant.client_id, "接入系统", summary,
                                 parts_.office_clock.now_ms()});
}

/// The outcome is saved whichever it is: a replayed code takes along what it gave, a wrong verifier burns the code.
Tokens::Outcome Tokens::redeem(db::Session& session, const store::CodeRow& code, const store::GrantRow& grant,
                               bool right, const Fresh& fresh) {
    if (!store::use_code(session, code.code_hash, fresh.now_ms)) {
        revoke_family(session, grant, "oauth.code_replayed", "授权码被重复使用，已作废由它取得的全部令牌");
        return Outcome::replayed;
    }
    const auto now = store::find_grant(session, grant.grant_id);
    if (!right || !now || now->revoked_at_ms != 0) return Outcome::refused;
    save(session, grant.grant_id, fresh);
    return Outcome::done;
}

Result<http::Reply> Tokens::give_for_code(const Client& client, const Form& form) {
    KAIGONG_TRY(code_text, form.need("code"));
    KAIGONG_TRY(redirect_uri, form.need("redirect_uri"));
    KAIGONG_TRY(verifier, form.need("code_verifier"));
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        auto code = store::find_code(session, hash_of(code_text));
        auto grant = code ? store::find_grant(session, code->grant_id) : std::nullopt;
        return std::pair(std::move(code), std::move(grant));
    }));
    const auto& [code, grant] = found;
    // Somebody else's code is left to its owner.
    if (!code || !grant || grant->client_id != client.client_id) return invalid_grant();
    KAIGONG_TRY(holder, holder_of(*grant, client));
    const auto fresh = fresh_tokens(client, *grant, scopes_of_row(grant->scopes));
    const bool right = code->expires_at_ms > fresh.now_ms && code->redirect_uri == redirect_uri &&
                       verifies(verifier, code->code_challenge) && holder.unchanged &&
                       parts_.identity.find_session(grant->session_hash).has_value();
    KAIGONG_TRY(outcome, parts_.database.transact(
                             [&](db::Session& session) { return redeem(session, *code, *grant, right, fresh); }));
    if (outcome != Outcome::done) return invalid_grant();
    return reply_with(client, *grant, fresh);
}

/// No grace for a token that was used before: whether the owner or a thief comes second can't be told, and a client
/// that lost the answer asks its person again.
Tokens::Outcome Tokens::rotate(db::Session& session, const std::string& token_hash, const store::GrantRow& grant,
                               const Fresh& fresh) {
    if (!store::use_token(session, token_hash, fresh.now_ms)) {
        revoke_family(session, grant, "oauth.refresh_replayed", "刷新令牌被重复使用，已作废这次授权的全部令牌");
        return Outcome::replayed;
    }
    const auto now = store::find_grant(session, grant.grant_id);
    if (!now || now->revoked_at_ms != 0) return Outcome::refused;
    save(session, grant.grant_id, fresh);
    return Outcome::done;
}

Result<http::Reply> Tokens::give_for_refresh(const Client& client, const Form& form) {
    KAIGONG_TRY(refresh_token, form.need("refresh_token"));
    const auto hash = hash_of(refresh_token);
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        auto token = store::find_token(session, hash);
        auto grant = token ? store::find_grant(session, token->grant_id) : std::nullopt;
        return std::pair(std::move(token), std::move(grant));
    }));
    const auto& [token, grant] = found;
    const bool own = token && grant && token->kind == "refresh" && grant->client_id == client.client_id;
    const auto now_ms = parts_.machine_clock.now_ms();
    if (!own || token->expires_at_ms <= now_ms || grant->expires_at_ms <= now_ms || grant->revoked_at_ms != 0) {
        return invalid_grant();
    }
    auto scopes = scopes_of_row(grant->scopes);
    if (const auto asked = form.find("scope")) {
        const auto narrower = parse_scopes(*asked);
        if (!narrower || narrower->empty() || !is_within(*narrower, scopes)) {
            return wire_error("invalid_scope", "刷新时只能请求原来授权范围之内的范围，请改正。");
        }
        scopes = *narrower;
    }
    KAIGONG_TRY(holder, holder_of(*grant, client));
    if (!holder.unchanged) {
        KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
            revoke_family(session, *grant, "oauth.account_changed", "账号停用或岗位、单位变动，已作废这次授权");
        }));
        return invalid_grant();
    }
    const auto fresh = fresh_tokens(client, *grant, std::move(scopes));
    KAIGONG_TRY(outcome,
                parts_.database.transact([&](db::Session& session) { return rotate(session, hash, *grant, fresh); }));
    if (outcome != Outcome::done) return invalid_grant();
    return reply_with(client, *grant, fresh);
}

Result<http::Reply> Tokens::give_for_device(const Client& client, const Form& form) {
    KAIGONG_TRY(device_code, form.need("device_code"));
    const auto hash = hash_of(device_code);
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find_request(session, hash); }));
    if (!row || row->kind != "device" || row->client_id != client.client_id || row->state == "used") {
        return invalid_grant();
    }
    const auto now_ms = parts_.machine_clock.now_ms();
    if (row->expires_at_ms <= now_ms) return wire_error("expired_token", "设备码已过期，请重新开始。");
    if (row->state == "refused") return wire_error("access_denied", "对方没有同意授权。");
    if (row->state == "waiting") {
        const bool hasty = now_ms - row->polled_at_ms < row->poll_interval_ms;
        row->polled_at_ms = now_ms;
        if (hasty) row->poll_interval_ms += kSlowerByMs;
        KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) { store::note_poll(session, *row); }));
        return hasty ? wire_error("slow_down", "询问得太频繁，请拉长间隔。")
                     : wire_error("authorization_pending", "对方还没有决定，请稍后再问。");
    }
    KAIGONG_TRY(grant,
                parts_.database.read([&](db::Session& session) { return store::find_grant(session, row->grant_id); }));
    if (!grant || grant->revoked_at_ms != 0) return invalid_grant();
    KAIGONG_TRY(holder, holder_of(*grant, client));
    if (!holder.unchanged) return invalid_grant();
    const auto fresh = fresh_tokens(client, *grant, scopes_of_row(grant->scopes));
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto now = store::find_grant(session, grant->grant_id);
        const bool living = now && now->revoked_at_ms == 0;
        if (!living || !store::move_request(session, hash, "agreed", "used", grant->grant_id)) return invalid_grant();
        save(session, grant->grant_id, fresh);
        return {};
    }));
    return reply_with(client, *grant, fresh);
}

Result<http::Reply> Tokens::give_for_system(const Client& client, const Form& form) {
    auto scopes = client.registration.scopes;
    if (const auto asked = form.find("scope")) {
        const auto narrower = parse_scopes(*asked);
        if (!narrower || narrower->empty() || !is_within(*narrower, scopes)) {
            return wire_error("invalid_scope", "请求的授权范围不存在或没有登记，请按登记的范围请求。");
        }
        scopes = *narrower;
    }
    store::GrantRow grant;
    const auto now_ms = parts_.machine_clock.now_ms();
    grant.grant_id = new_uuid(now_ms);
    grant.client_id = client.client_id;
    grant.account_id = client.client_id;
    grant.scopes = scopes_json_text(scopes);
    grant.created_at_ms = now_ms;
    grant.expires_at_ms = now_ms + kSystemGrantMs;
    const auto fresh = fresh_tokens(client, grant, std::move(scopes));
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        store::insert_grant(session, grant);
        save(session, grant.grant_id, fresh);
        parts_.audit.write(session,
                           {"oauth_client", client.client_id, client.version, "oauth.system_token", client.client_id,
                            client.registration.client_name, "接入系统取得令牌", parts_.office_clock.now_ms()});
    }));
    return reply_with(client, grant, fresh);
}

Result<std::string> Tokens::id_token(const Client& client, const store::GrantRow& grant, const Fresh& fresh) {
    const auto digest = crypto::sha256(crypto::view(fresh.access_token));
    object claims{{"iss", parts_.public_url},
                  {"sub", grant.account_id},
                  {"aud", client.client_id},
                  {"iat", fresh.now_ms / 1000},
                  {"exp", (fresh.now_ms + kIdTokenMs) / 1000},
                  {"at_hash", crypto::to_base64url(crypto::BytesView(digest).first(digest.size() / 2))}};
    if (grant.authenticated_at_ms != 0) claims["auth_time"] = grant.authenticated_at_ms / 1000;
    if (!grant.nonce.empty()) claims["nonce"] = grant.nonce;
    return keys_.sign(client.registration.id_token_algorithm, claims);
}

Result<http::Reply> Tokens::reply_with(const Client& client, const store::GrantRow& grant, const Fresh& fresh) {
    object body{{"access_token", fresh.access_token},
                {"token_type", "Bearer"},
                {"expires_in", (fresh.access_until_ms - fresh.now_ms) / 1000},
                {"scope", scope_text(fresh.scopes)}};
    if (!fresh.refresh_token.empty()) body["refresh_token"] = fresh.refresh_token;
    if (has_scope(fresh.scopes, kOpenId)) {
        KAIGONG_TRY(token, id_token(client, grant, fresh));
        body["id_token"] = token;
    }
    return http::json_reply(std::move(body));
}

}  // namespace kaigong::oauth
