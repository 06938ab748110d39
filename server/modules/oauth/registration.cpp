#include "modules/oauth/registration.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

#include "authz/actor.hpp"
#include "base/json_members.hpp"

namespace kaigong::oauth {
namespace {

constexpr std::array<JsonName<ClientKind>, 5> kKinds{{{"web", ClientKind::web},
                                                      {"browser", ClientKind::browser},
                                                      {"native", ClientKind::native},
                                                      {"device", ClientKind::device},
                                                      {"system", ClientKind::system}}};
constexpr std::array<JsonName<ClientProof>, 4> kProofs{{{"none", ClientProof::none},
                                                        {"client_secret_basic", ClientProof::client_secret_basic},
                                                        {"client_secret_post", ClientProof::client_secret_post},
                                                        {"private_key_jwt", ClientProof::private_key_jwt}}};
constexpr std::size_t kRedirectUrisMax = 10;
constexpr std::size_t kRedirectUriBytesMax = 500;
constexpr std::array<std::string_view, 2> kLoopbacks{"http://127.0.0.1", "http://[::1]"};

template <class Table, class T>
std::string_view name_in(const Table& table, T value) {
    return std::ranges::find(table, value, [](const auto& line) { return line.value; })->name;
}

bool keeps_secrets(ClientKind kind) {
    return kind == ClientKind::web || kind == ClientKind::system;
}

bool takes_redirects(ClientKind kind) {
    return kind == ClientKind::web || kind == ClientKind::browser || kind == ClientKind::native;
}

/// Behind the scheme and the machine's own address; nothing for another one.
std::optional<std::string_view> after_loopback(std::string_view uri) {
    for (const auto loopback : kLoopbacks) {
        if (uri.starts_with(loopback)) return uri.substr(loopback.size());
    }
    return std::nullopt;
}

std::string_view authority_and_path(std::string_view uri) {
    return uri.substr(uri.find("://") + 3);
}

/// Letters that stand in an address as they are; what ends the host early or begins a fragment is none of them.
bool is_plain_address(std::string_view uri) {
    const bool plain = std::ranges::all_of(uri, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~:/?[]!$&'()*+,;=%").find(c) != std::string_view::npos;
    });
    return plain && uri.size() <= kRedirectUriBytesMax && uri.find("/../") == std::string_view::npos;
}

/// `com.example.app:/done`: a scheme that its owner's domain makes his own (RFC 8252 7.1).
bool is_private_scheme(std::string_view uri) {
    const auto colon = uri.find(':');
    const auto scheme = uri.substr(0, colon);
    const bool named = colon != std::string_view::npos && scheme.find('.') != std::string_view::npos &&
                       std::ranges::all_of(scheme, [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
                       });
    return named && uri.substr(colon + 1).starts_with('/');
}

bool is_https_with_host(std::string_view uri) {
    if (!uri.starts_with("https://")) return false;
    const auto rest = authority_and_path(uri);
    return rest.find('/') != std::string_view::npos && rest.find('/') > 0;
}

bool is_fit_redirect(std::string_view uri, ClientKind kind, bool secure_only) {
    if (!is_plain_address(uri)) return false;
    if (is_https_with_host(uri)) return true;
    const auto rest = after_loopback(uri);
    if (kind == ClientKind::native) return is_private_scheme(uri) || (rest && rest->starts_with('/'));
    return rest && !secure_only && (rest->starts_with('/') || rest->starts_with(':'));
}

void judge_redirects(JsonReader& reader, const Registration& registration, bool secure_only) {
    if (takes_redirects(registration.kind) == registration.redirect_uris.empty()) {
        reader.refuse("redirect_uris", "oauth.redirect_uris_unfit",
                      "网站、网页和本机应用至少登记一个回调地址；设备和系统不登记回调地址。");
    }
    for (const auto& uri : registration.redirect_uris) {
        if (is_fit_redirect(uri, registration.kind, secure_only)) continue;
        reader.refuse(
            "redirect_uris", "oauth.redirect_uri_unfit",
            "回调地址须是完整的 https 地址，不带用户名和 # 部分；本机应用可用 http://127.0.0.1/路径（不写端口）"
            "或自有域名倒写的地址。");
    }
}

void judge_proof(JsonReader& reader, const Registration& registration) {
    if (keeps_secrets(registration.kind) == registration.is_public()) {
        reader.refuse("proof", "oauth.proof_unfit",
                      "网站和系统须有密钥或签名公钥；网页、本机应用和设备保守不了秘密，填 none。");
    }
    const auto keys = crypto::read_jwk_set(registration.jwks);
    const bool signs = registration.proof == ClientProof::private_key_jwt;
    if (signs ? !keys || keys->empty() : !registration.jwks.empty()) {
        reader.refuse("jwks", "oauth.jwks_unfit",
                      "用签名证明身份的系统须提供公钥（JWK Set，P-256 或 RSA）；其他系统不填。");
    }
    if (registration.resource_server && registration.is_public()) {
        reader.refuse("resource_server", "oauth.resource_server_unfit", "只有能证明身份的系统才能查询令牌。");
    }
}

void judge_scopes(JsonReader& reader, const Registration& registration) {
    const bool system = registration.kind == ClientKind::system;
    for (const auto& name : registration.scopes) {
        const auto* scope = find_scope(name);
        const bool fits = scope != nullptr && (system ? scope->for_systems : scope->for_people) &&
                          (name != "roles" || registration.internal);
        if (fits) continue;
        reader.refuse("scopes", "oauth.scope_unfit", "有一项授权范围不存在，或不能给这类系统，请按接入说明核对。");
    }
    const auto region = authz::region_prefix(registration.region_code);
    if (system == region.empty()) {
        reader.refuse("region_code", "oauth.region_unfit", "系统须写明可以查询的区划（6 位代码），其他接入方不填。");
    }
}

}  // namespace

std::string_view to_string(ClientKind kind) {
    return name_in(kKinds, kind);
}
std::string_view to_string(ClientProof proof) {
    return name_in(kProofs, proof);
}

bool Registration::may_use(GrantType type) const {
    switch (type) {
        case GrantType::authorization_code: return takes_redirects(kind);
        case GrantType::refresh_token: return kind != ClientKind::system && has_scope(scopes, kOfflineAccess);
        case GrantType::client_credentials: return kind == ClientKind::system;
        case GrantType::device_code: return kind == ClientKind::device || kind == ClientKind::native;
    }
    return false;
}

boost::json::object registration_json(const Registration& r) {
    return {{"client_name", r.client_name},
            {"organisation_name", r.organisation_name},
            {"kind", to_string(r.kind)},
            {"proof", to_string(r.proof)},
            {"redirect_uris", boost::json::array(r.redirect_uris.begin(), r.redirect_uris.end())},
            {"scopes", boost::json::array(r.scopes.begin(), r.scopes.end())},
            {"region_code", text_or_null(r.region_code)},
            {"id_token_algorithm", r.id_token_algorithm},
            {"jwks", r.jwks.empty() ? boost::json::value(nullptr) : boost::json::value(r.jwks)},
            {"resource_server", r.resource_server},
            {"internal", r.internal},
            {"pushed_only", r.pushed_only}};
}

Registration read_registration(JsonReader& reader, bool secure_only) {
    constexpr std::size_t kScopesMax = 20;
    Registration r;
    r.client_name = reader.text("client_name", {.length_max = 50});
    r.organisation_name = reader.text("organisation_name", {.length_max = 100});
    r.kind = reader.optional_one_of<ClientKind>("kind", kKinds).value_or(ClientKind::web);
    r.proof = reader.optional_one_of<ClientProof>("proof", kProofs).value_or(ClientProof::none);
    r.redirect_uris =
        reader.optional_texts("redirect_uris", {.count_max = kRedirectUrisMax}, {.length_max = kRedirectUriBytesMax});
    r.scopes = reader.texts("scopes", {.count_min = 1, .count_max = kScopesMax}, {.length_max = 40});
    r.region_code = reader.optional_text("region_code", {.length_max = 6}).value_or("");
    r.id_token_algorithm = reader.optional_text("id_token_algorithm", {.length_max = 5}).value_or("ES256");
    if (reader.has("jwks")) {
        r.jwks = reader.raw_object("jwks");
    } else {
        (void)reader.optional_text("jwks");  // null: asked for, and not there
    }
    r.resource_server = reader.optional_boolean("resource_server").value_or(false);
    r.internal = reader.optional_boolean("internal").value_or(false);
    r.pushed_only = reader.optional_boolean("pushed_only").value_or(false);
    if (r.id_token_algorithm != "ES256" && r.id_token_algorithm != "RS256") {
        reader.refuse("id_token_algorithm", "oauth.algorithm_unfit", "身份令牌的签名算法只能是 ES256 或 RS256。");
    }
    judge_redirects(reader, r, secure_only);
    judge_proof(reader, r);
    judge_scopes(reader, r);
    return r;
}

Registration registration_of_row(const std::string& json) {
    const auto value = boost::json::parse(json);
    JsonReader reader(value);
    auto registration = read_registration(reader, false);
    // A later release may be stricter: what was agreed to stays in force as it is, without the scopes that are gone.
    std::erase_if(registration.scopes, [](const std::string& name) { return find_scope(name) == nullptr; });
    return registration;
}

bool is_registered_redirect(const Registration& registration, std::string_view redirect_uri) {
    if (std::ranges::find(registration.redirect_uris, redirect_uri) != registration.redirect_uris.end()) return true;
    if (registration.kind != ClientKind::native || !is_plain_address(redirect_uri)) return false;
    constexpr std::size_t kPortDigitsMax = 5;
    for (const auto loopback : kLoopbacks) {
        if (!redirect_uri.starts_with(std::string(loopback) + ":")) continue;
        const auto after = redirect_uri.substr(loopback.size() + 1);
        const auto digits = std::min(after.find_first_not_of("0123456789"), after.size());
        if (digits == 0 || digits > kPortDigitsMax) return false;
        const auto without_port = std::string(loopback) + std::string(after.substr(digits));
        return std::ranges::find(registration.redirect_uris, without_port) != registration.redirect_uris.end();
    }
    return false;
}

std::string origin_of(std::string_view redirect_uri) {
    if (!redirect_uri.starts_with("https://") && !after_loopback(redirect_uri)) return "";
    const auto scheme = redirect_uri.find("://") + 3;
    const auto end = std::min(redirect_uri.find_first_of("/?", scheme), redirect_uri.size());
    return std::string(redirect_uri.substr(0, end));
}

}  // namespace kaigong::oauth
