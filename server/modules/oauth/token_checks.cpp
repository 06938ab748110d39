// What a token is worth now: at every use the client, the grant and the account are looked at afresh.
#include <algorithm>

#include "modules/oauth/tokens.hpp"

namespace kaigong::oauth {
namespace {

using boost::json::object;

Error not_valid() {
    return error(Errc::unauthenticated, "oauth.token_not_valid",
                 "访问令牌无效、已过期或已作废，请由接入系统重新取得令牌。");
}

authz::Actor system_actor_of(const Client& client) {
    authz::Actor actor;
    actor.account_id = authz::AccountId{client.client_id};
    actor.kind = authz::AccountKind::partner;
    actor.region_code = client.registration.region_code;
    actor.roles = {authz::Role::partner_system};
    return actor;
}

}  // namespace

/// Nothing for a token that does not count any more; `kind` null takes both.
Result<std::optional<Tokens::Living>> Tokens::find_living(const std::string& token, const char* kind) {
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
        auto row = store::find_token(session, hash_of(token));
        auto grant = row ? store::find_grant(session, row->grant_id) : std::nullopt;
        auto client = grant ? store::find_client(session, grant->client_id) : std::nullopt;
        return std::tuple(std::move(row), std::move(grant), std::move(client));
    }));
    auto& [row, grant, client_row] = found;
    if (!row || !grant || !client_row || (kind != nullptr && row->kind != kind)) return std::optional<Living>();
    const auto now_ms = parts_.machine_clock.now_ms();
    const bool in_time = row->expires_at_ms > now_ms && grant->expires_at_ms > now_ms;
    const bool used = row->kind == "refresh" && row->used_at_ms != 0;
    auto client = client_of(*client_row);
    if (!in_time || used || grant->revoked_at_ms != 0 || !client.active) return std::optional<Living>();
    KAIGONG_TRY(holder, holder_of(*grant, client));
    if (!holder.unchanged) return std::optional<Living>();
    auto scopes = scopes_of_row(row->scopes);
    // What the administrators took from the client since, its tokens no longer open.
    std::erase_if(scopes, [&](const std::string& name) { return !has_scope(client.registration.scopes, name); });
    return std::optional(
        Living{std::move(*row), std::move(*grant), std::move(client), std::move(scopes), std::move(holder.account)});
}

Result<http::Session> Tokens::authenticate(const std::string& token) {
    KAIGONG_TRY(living, find_living(token, "access"));
    if (!living) return not_valid();
    http::Session session;
    session.session_id = living->token.token_hash;
    session.by_token = true;
    if (living->client.registration.kind == ClientKind::system) {
        session.actor = system_actor_of(living->client);
    } else {
        if (!living->account) return not_valid();
        session.actor = identity::actor_of(*living->account);
    }
    session.actor.delegated_actions = actions_of(living->scopes);
    return session;
}

Result<http::Reply> Tokens::introspect(const http::Request& request) {
    KAIGONG_TRY(form, Form::read(request));
    KAIGONG_TRY(asking, clients_.authenticate(request, form));
    if (!asking.registration.resource_server) {
        return wire_error("unauthorized_client", "这个接入系统没有登记为可以查询令牌，请联系接入管理员。");
    }
    KAIGONG_TRY(token, form.need("token"));
    KAIGONG_TRY(living, find_living(token, nullptr));
    if (!living) return http::json_reply({{"active", false}});
    object body{{"active", true},
                {"scope", scope_text(living->scopes)},
                {"client_id", living->client.client_id},
                {"sub", living->grant.account_id},
                {"iss", parts_.public_url},
                {"iat", living->token.issued_at_ms / 1000},
                {"exp", living->token.expires_at_ms / 1000}};
    if (living->token.kind == "access") body["token_type"] = "Bearer";
    return http::json_reply(std::move(body));
}

/// Whether or not there was anything to revoke, the answer is the same (RFC 7009 2.2).
Result<http::Reply> Tokens::revoke(const http::Request& request) {
    KAIGONG_TRY(form, Form::read(request));
    KAIGONG_TRY(client, clients_.authenticate(request, form));
    KAIGONG_TRY(token, form.need("token"));
    const auto hash = hash_of(token);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        const auto row = store::find_token(session, hash);
        const auto grant = row ? store::find_grant(session, row->grant_id) : std::nullopt;
        if (!grant || grant->client_id != client.client_id || grant->revoked_at_ms != 0) return;
        if (row->kind == "access") {
            store::end_token(session, hash, parts_.machine_clock.now_ms());
        } else {
            revoke_family(session, *grant, "oauth.revoke_tokens", "接入系统退还了令牌");
        }
    }));
    http::Reply reply;
    return reply;
}

object Tokens::claims_of(const Living& living) const {
    object claims{{"sub", living.grant.account_id}};
    const auto& account = living.account;
    if (!account) return claims;
    if (has_scope(living.scopes, "profile")) claims["name"] = account->display_name;
    if (has_scope(living.scopes, "organisation")) {
        claims["organisation"] = account->organisation_name;
        if (!account->credit_code.empty()) claims["credit_code"] = account->credit_code;
    }
    if (has_scope(living.scopes, "roles") && living.client.registration.internal) {
        boost::json::array roles;
        for (const auto role : account->roles) roles.emplace_back(to_string(role));
        claims["roles"] = std::move(roles);
        claims["department"] = account->department;
        claims["region_code"] = account->region_code;
    }
    return claims;
}

Result<http::Reply> Tokens::userinfo(const http::Request& request) {
    const auto authorization = request.header("authorization").value_or("");
    const auto token = authorization.substr(authorization.find_last_of(" \t") + 1);
    KAIGONG_TRY(living, find_living(std::string(token), "access"));
    if (!living) return not_valid();
    if (!has_scope(living->scopes, kOpenId)) {
        return error(Errc::forbidden, "oauth.openid_missing", "这个令牌没有 openid 授权范围，不能查询个人信息。");
    }
    return http::json_reply(claims_of(*living));
}

}  // namespace kaigong::oauth
