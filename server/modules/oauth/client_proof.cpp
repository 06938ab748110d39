// How a client proves who it is: by its secret in a header or in the form, by a signed assertion, or not at all.
#include <algorithm>
#include <cstdlib>

#include "base/json_members.hpp"
#include "crypto/encoding.hpp"
#include "crypto/jwt.hpp"
#include "http/header_fields.hpp"
#include "http/target.hpp"
#include "modules/oauth/clients.hpp"

namespace kaigong::oauth {
namespace {

constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
constexpr std::int64_t kAssertionMsMax = 5LL * 60'000;
constexpr std::int64_t kSkewMs = 30'000;

/// One sentence for everything: which part of a proof was wrong is nobody's business but the owner's.
Error refused() {
    return wire_error("invalid_client",
                      "接入系统没有登记、已被停用，或没有按登记的方式证明身份，请联系接入管理员核对。");
}

Result<std::pair<std::string, std::string>> basic_credentials(std::string_view authorization) {
    constexpr std::string_view kScheme = "basic ";
    if (http::lower_case(authorization.substr(0, kScheme.size())) != kScheme) return refused();
    const auto bytes = crypto::from_base64(http::trimmed(authorization.substr(kScheme.size())));
    const auto text = bytes ? crypto::to_text(*bytes) : std::string();
    const auto colon = text.find(':');
    if (colon == std::string::npos) return refused();
    // RFC 6749 2.3.1: both parts are form-encoded before they are put together.
    auto client_id = http::decode_component(std::string_view(text).substr(0, colon), true);
    auto secret = http::decode_component(std::string_view(text).substr(colon + 1), true);
    if (!client_id || !secret) return refused();
    return std::pair(std::move(*client_id), std::move(*secret));
}

/// One audience and no other, alone or as a list.
bool is_for(const boost::json::object& claims, std::string_view audience) {
    const auto* value = claims.if_contains("aud");
    const auto* list = value == nullptr ? nullptr : value->if_array();
    if (list != nullptr) value = list->size() == 1 ? &list->front() : nullptr;
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text != nullptr && *text == audience;
}

}  // namespace

struct Clients::Proof {
    std::string client_id;
    ClientProof kind = ClientProof::none;
    std::string secret;  ///< or the assertion
};

Result<Clients::Proof> Clients::proof_of(const http::Request& request, const Form& form) const {
    const auto authorization = request.header("authorization");
    const auto secret = form.find("client_secret");
    const auto assertion = form.find("client_assertion");
    if (authorization.has_value() + secret.has_value() + assertion.has_value() > 1) {
        return wire_error("invalid_request", "一次请求只能用一种方式证明身份，请去掉多余的。");
    }
    const auto named = form.find("client_id");
    if (authorization) {
        KAIGONG_TRY(basic, basic_credentials(*authorization));
        if (named && *named != basic.first) return refused();
        return Proof{basic.first, ClientProof::client_secret_basic, basic.second};
    }
    if (assertion) {
        if (form.find("client_assertion_type") != kAssertionType) return refused();
        const auto jwt = crypto::read_jwt(*assertion);
        const auto subject = jwt ? text_of(jwt->claims, "sub") : std::string();
        if (!jwt || (named && *named != subject)) return refused();
        return Proof{subject, ClientProof::private_key_jwt, *assertion};
    }
    if (!named) return refused();
    if (secret) return Proof{*named, ClientProof::client_secret_post, *secret};
    return Proof{*named, ClientProof::none, ""};
}

Result<Client> Clients::authenticate(const http::Request& request, const Form& form) {
    KAIGONG_TRY(proof, proof_of(request, form));
    KAIGONG_TRY(client, find(proof.client_id));
    if (!client || !client->active) return refused();
    KAIGONG_CHECK(check_proof(*client, proof));
    return std::move(*client);
}

Result<void> Clients::check_proof(const Client& client, const Proof& proof) {
    // Only the registered way: a client that signs is not to be borrowed by who found an old secret.
    if (proof.kind != client.registration.proof) return refused();
    switch (proof.kind) {
        case ClientProof::none: return {};
        case ClientProof::client_secret_basic:
        case ClientProof::client_secret_post: return check_secret(client, proof.secret);
        case ClientProof::private_key_jwt: return check_assertion(client, proof.secret);
    }
    return refused();
}

Result<void> Clients::check_secret(const Client& client, const std::string& secret) {
    const auto hash = hash_of(secret);
    KAIGONG_TRY(living, parts_.database.read([&](db::Session& session) {
        return store::living_secrets(session, client.client_id, parts_.machine_clock.now_ms());
    }));
    const bool known = std::ranges::any_of(living, [&](const store::SecretRow& row) {
        return crypto::equal_constant_time(crypto::view(row.secret_hash), crypto::view(hash));
    });
    if (!known) return refused();
    return {};
}

/// RFC 7523 3, with the issuer as the only audience (a server of somebody else could pass on what names an endpoint).
Result<void> Clients::check_assertion(const Client& client, const std::string& assertion) {
    KAIGONG_TRY(jwt, crypto::read_jwt(assertion));
    const auto keys = crypto::read_jwk_set(client.registration.jwks);
    const bool signed_by_client = keys && std::ranges::any_of(*keys, [&](const crypto::Jwk& key) {
                                      return (jwt.key_id.empty() || key.key_id.empty() || key.key_id == jwt.key_id) &&
                                             crypto::verify_jwt(jwt, key.public_key_info);
                                  });
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto expires_s = crypto::seconds_of_claim(jwt.claims, "exp");
    const auto expires_at_ms = expires_s.value_or(0) * 1000;
    const bool in_time =
        expires_s && expires_at_ms > now_ms - kSkewMs && expires_at_ms <= now_ms + kAssertionMsMax + kSkewMs;
    const auto name = text_of(jwt.claims, "jti");
    const bool right = signed_by_client && in_time && !name.empty() && is_for(jwt.claims, parts_.public_url) &&
                       text_of(jwt.claims, "iss") == client.client_id;
    if (!right) return refused();
    KAIGONG_TRY(fresh, parts_.database.transact([&](db::Session& session) {
        return store::insert_assertion(session, hash_of(client.client_id + " " + name), expires_at_ms + kSkewMs);
    }));
    if (!fresh) return refused();
    return {};
}

}  // namespace kaigong::oauth
