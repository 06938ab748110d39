// The parts put together, and the table of endpoints: each reads, calls, replies.
#include <boost/json/array.hpp>

#include <array>

#include "base/log.hpp"
#include "http/request.hpp"
#include "modules/oauth/authorization.hpp"
#include "modules/oauth/metadata.hpp"
#include "modules/oauth/oauth.hpp"
#include "modules/oauth/provider_sign_in.hpp"
#include "modules/oauth/signing_keys.hpp"
#include "modules/oauth/tokens.hpp"

namespace kaigong::oauth {
namespace {

using authz::Role;
using http::Access;
using http::Method;
using http::Pool;
using http::Request;

constexpr std::array kGrants{
    authz::Grant{Role::system_admin, "oauth.read", authz::Scope::whole},
    authz::Grant{Role::security_admin, "oauth.read", authz::Scope::whole},
    authz::Grant{Role::audit_admin, "oauth.read", authz::Scope::whole},
    // Two persons: who proposes never approves (三员分立), and nobody approves his own.
    authz::Grant{Role::system_admin, "oauth.propose", authz::Scope::whole},
    authz::Grant{Role::security_admin, "oauth.approve", authz::Scope::whole},
    authz::Grant{Role::security_admin, "oauth.make_secret", authz::Scope::whole},
    // Whoever sees harm first stops it.
    authz::Grant{Role::system_admin, "oauth.suspend", authz::Scope::whole},
    authz::Grant{Role::security_admin, "oauth.suspend", authz::Scope::whole},
    authz::Grant{Role::security_admin, "oauth.rotate_keys", authz::Scope::whole},
    authz::Grant{Role::partner_system, "permits.read", authz::Scope::region},
};

constexpr std::int64_t kSecretDaysDefault = 365;
constexpr std::int64_t kSecretDaysMax = 730;
constexpr std::size_t kFormBytesMax = 32UL << 10U;

using Act = std::function<Result<http::Reply>(const Request&)>;

/// What a standard has a word for is said in that word.
http::Handler wire(Act act) {
    return [act = std::move(act)](const Request& request) -> Result<http::Reply> {
        auto reply = act(request);
        if (reply) return reply;
        auto said = wire_reply(reply.error());
        return said ? Result<http::Reply>(std::move(*said)) : reply;
    };
}

class OAuthService final : public OAuth {
  public:
    explicit OAuthService(Parts parts) : parts_(std::move(parts)) {
        parts_.identity.when_access_ends([this](db::Session& session, const identity::AccessEnd& what) {
            store::revoke_grants_of_sessions(session, what.account_id.text, what.session_id, what.but_session_id,
                                             parts_.machine_clock.now_ms());
        });
    }

    Result<http::Session> authenticate(const http::Credentials& credentials) override {
        return tokens_.authenticate(credentials.bearer);
    }
    bool origin_allowed(std::string_view origin) override {
        constexpr std::size_t kOriginBytesMax = 160;
        return origin.size() <= kOriginBytesMax && clients_.is_origin_of_active_client(origin);
    }
    Result<void> refresh() override { return clients_.read_origins(); }
    Result<void> sweep() override;
    std::vector<http::Endpoint> routes() override;

  private:
    std::vector<http::Endpoint> program_routes();
    std::vector<http::Endpoint> person_routes();
    std::vector<http::Endpoint> client_routes();
    std::vector<http::Endpoint> secret_routes();
    std::vector<http::Endpoint> proposal_routes();
    std::vector<http::Endpoint> key_routes();
    Result<http::Reply> propose(const Request& request, const std::string& client_id);
    bool secure_only() const { return parts_.public_url.starts_with("https://"); }

    Parts parts_;
    Clients clients_{parts_};
    SigningKeys keys_{parts_};
    Authorization authorization_{parts_, clients_};
    Tokens tokens_{parts_, clients_, keys_};
    ProviderSignIn provider_{parts_};
};

Result<void> OAuthService::sweep() {
    // An hour behind, so that "out of time" can still be told from "never heard of".
    constexpr std::int64_t kKeptMs = 3'600'000;
    const auto before_ms = parts_.machine_clock.now_ms() - kKeptMs;
    constexpr int kRoundsMax = 500;
    bool more = true;
    for (int i = 0; more && i < kRoundsMax; ++i) {
        KAIGONG_TRY(left,
                    parts_.database.transact([&](db::Session& session) { return store::sweep(session, before_ms); }));
        more = left;
    }
    return keys_.keep_fresh();
}

Result<http::Reply> json_or_error(Result<boost::json::object> found, int status = 200) {
    if (!found) return std::move(found).error();
    return http::json_reply(std::move(*found), status);
}

Result<std::string> id_in(const Request& request, std::string_view name) {
    KAIGONG_TRY(id, http::path_id<authz::AccountId>(request, name, "oauth.not_found"));
    return id.text;
}

Result<http::Reply> OAuthService::propose(const Request& request, const std::string& client_id) {
    KAIGONG_CHECK(parts_.permissions.require(request.actor(), "oauth.propose"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", {.length_max = 500});
    const auto registration = reader.object<Registration>(
        "registration", [&](JsonReader& inner) { return read_registration(inner, secure_only()); });
    KAIGONG_CHECK(reader.finish());
    return json_or_error(clients_.propose(request.actor(), client_id, registration, reason), 201);
}

/// For programs: no cookie is looked at.
std::vector<http::Endpoint> OAuthService::program_routes() {
    const auto page = [](const char* path, auto handler) {
        return http::Endpoint{.method = Method::get,
                              .path = path,
                              .access = Access::anonymous,
                              .cross_origin = true,
                              .handler = std::move(handler)};
    };
    const auto form = [](const char* path, bool cross_origin, Pool pool, auto handler) {
        return http::Endpoint{.method = Method::post,
                              .path = path,
                              .access = Access::anonymous,
                              .pool = pool,
                              .body_bytes_max = kFormBytesMax,
                              .cross_origin = cross_origin,
                              .handler = std::move(handler)};
    };
    const auto told = wire(
        [this](const Request&) -> Result<http::Reply> { return http::json_reply(server_metadata(parts_.public_url)); });
    return {
        page("/.well-known/openid-configuration", told),
        page("/.well-known/oauth-authorization-server", told),
        page("/oauth/jwks", wire([this](const Request&) { return json_or_error(keys_.published()); })),
        // A navigation: whatever page a person comes from.
        {.method = Method::get,
         .path = "/oauth/authorize",
         .access = Access::anonymous,
         .pool = Pool::writer,
         .handler = [this](const Request& request) { return authorization_.authorize(request); }},
        form("/oauth/par", true, Pool::writer,
             wire([this](const Request& request) { return authorization_.push(request); })),
        form("/oauth/token", true, Pool::writer,
             wire([this](const Request& request) { return tokens_.give(request); })),
        form("/oauth/revoke", true, Pool::writer,
             wire([this](const Request& request) { return tokens_.revoke(request); })),
        form("/oauth/introspect", false, Pool::request,
             wire([this](const Request& request) { return tokens_.introspect(request); })),
        form("/oauth/device_authorization", false, Pool::writer,
             wire([this](const Request& request) { return authorization_.begin_device(request); })),
        {.method = Method::get,
         .path = "/oauth/userinfo",
         .by_token = true,
         .cross_origin = true,
         .handler = wire([this](const Request& request) { return tokens_.userinfo(request); })},
    };
}

/// For the person whose name a client wants to act in; never by a token.
std::vector<http::Endpoint> OAuthService::person_routes() {
    const std::string one = "/api/v1/oauth/requests/{request_id}";
    return {
        {.method = Method::get,
         .path = one,
         .handler =
             [this](const Request& request) {
                 return json_or_error(authorization_.show(request, request.path_parameter("request_id")));
             }},
        {.method = Method::post,
         .path = one + "/approval",
         .handler =
             [this](const Request& request) {
                 return json_or_error(authorization_.agree(request, request.path_parameter("request_id")));
             }},
        {.method = Method::post,
         .path = one + "/refusal",
         .handler =
             [this](const Request& request) {
                 return json_or_error(authorization_.refuse(request, request.path_parameter("request_id")));
             }},
        {.method = Method::get,
         .path = "/api/v1/oauth/consents",
         .query = {"cursor", "limit"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(page, http::page_of(request));
             return json_or_error(authorization_.list_consents(request.actor(), page));
         }},
        {.method = Method::del,
         .path = "/api/v1/oauth/consents/{consent_id}",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "consent_id"));
             KAIGONG_CHECK(authorization_.revoke_consent(request.actor(), id));
             return http::no_content();
         }},
    };
}

std::vector<http::Endpoint> OAuthService::client_routes() {
    const std::string all = "/api/v1/oauth/clients";
    const std::string one = all + "/{client_id}";
    const auto of_client = [](auto act) {
        return [act](const Request& request) -> Result<http::Reply> {
            KAIGONG_TRY(id, id_in(request, "client_id"));
            return act(request, id);
        };
    };
    return {
        {.method = Method::get,
         .path = all,
         .action = "oauth.read",
         .query = {"cursor", "limit"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(page, http::page_of(request));
             return json_or_error(clients_.list(request.actor(), page));
         }},
        {.method = Method::post,
         .path = all,
         .action = "oauth.propose",
         .handler = [this](const Request& request) { return propose(request, ""); }},
        {.method = Method::get,
         .path = "/api/v1/oauth/scopes",
         .action = "oauth.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_CHECK(parts_.permissions.require(request.actor(), "oauth.read"));
             return http::json_reply({{"scopes", scope_table()}});
         }},
        {.method = Method::get,
         .path = one,
         .action = "oauth.read",
         .handler = of_client([this](const Request& request, const std::string& id) {
             return json_or_error(clients_.show(request.actor(), id));
         })},
        {.method = Method::post,
         .path = one + "/changes",
         .action = "oauth.propose",
         .handler = of_client([this](const Request& request, const std::string& id) { return propose(request, id); })},
        {.method = Method::post,
         .path = one + "/suspension",
         .action = "oauth.suspend",
         .handler = of_client([this](const Request& request, const std::string& id) {
             return json_or_error(clients_.suspend(request.actor(), id));
         })},
        {.method = Method::post,
         .path = one + "/resumption",
         .action = "oauth.approve",
         .handler = of_client([this](const Request& request, const std::string& id) {
             return json_or_error(clients_.resume(request.actor(), id));
         })},
        {.method = Method::del,
         .path = one + "/secrets/{secret_id}",
         .action = "oauth.suspend",
         .handler = of_client([this](const Request& request, const std::string& id) -> Result<http::Reply> {
             KAIGONG_TRY(secret_id, id_in(request, "secret_id"));
             KAIGONG_CHECK(clients_.end_secret(request.actor(), id, secret_id));
             return http::no_content();
         })},
    };
}

/// One person asks for a secret, another one makes it.
std::vector<http::Endpoint> OAuthService::secret_routes() {
    const std::string all = "/api/v1/oauth/clients/{client_id}/secret-proposals";
    const std::string one = all + "/{proposal_id}";
    return {
        {.method = Method::post,
         .path = all,
         .action = "oauth.propose",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_CHECK(parts_.permissions.require(request.actor(), "oauth.propose"));
             KAIGONG_TRY(client_id, id_in(request, "client_id"));
             KAIGONG_TRY(body, http::json_body(request));
             JsonReader reader(body);
             const auto days = reader.optional_integer("valid_days", {1, kSecretDaysMax}).value_or(kSecretDaysDefault);
             const auto reason = reader.text("reason", {.length_max = 500});
             KAIGONG_CHECK(reader.finish());
             return json_or_error(clients_.propose_secret(request.actor(), client_id, days, reason), 201);
         }},
        {.method = Method::post,
         .path = one + "/confirmation",
         .action = "oauth.make_secret",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(client_id, id_in(request, "client_id"));
             KAIGONG_TRY(proposal_id, id_in(request, "proposal_id"));
             return json_or_error(clients_.make_secret(request.actor(), client_id, proposal_id), 201);
         }},
        {.method = Method::post,
         .path = one + "/refusal",
         .action = "oauth.make_secret",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_CHECK(parts_.permissions.require(request.actor(), "oauth.make_secret"));
             KAIGONG_TRY(client_id, id_in(request, "client_id"));
             KAIGONG_TRY(proposal_id, id_in(request, "proposal_id"));
             KAIGONG_TRY(body, http::json_body(request));
             JsonReader reader(body);
             const auto reason = reader.text("reason", {.length_max = 300});
             KAIGONG_CHECK(reader.finish());
             KAIGONG_CHECK(clients_.refuse_secret(request.actor(), client_id, proposal_id, reason));
             return http::no_content();
         }},
    };
}

std::vector<http::Endpoint> OAuthService::proposal_routes() {
    const std::string all = "/api/v1/oauth/proposals";
    const auto decide = [this](bool approved) {
        return [this, approved](const Request& request) -> Result<http::Reply> {
            KAIGONG_TRY(id, id_in(request, "proposal_id"));
            return json_or_error(clients_.decide(request.actor(), id, approved));
        };
    };
    return {
        {.method = Method::get,
         .path = all,
         .action = "oauth.read",
         .query = {"cursor", "limit", "state"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(page, http::page_of(request));
             const std::string state(request.query_parameter("state").value_or("open"));
             if (state != "open" && state != "approved" && state != "refused") {
                 return invalid_field("state", "oauth.state_unknown", "状态只能是 open、approved 或 refused。");
             }
             return json_or_error(clients_.list_proposals(request.actor(), state, page));
         }},
        {.method = Method::post,
         .path = all + "/{proposal_id}/approval",
         .action = "oauth.approve",
         .handler = decide(true)},
        {.method = Method::post,
         .path = all + "/{proposal_id}/refusal",
         .action = "oauth.approve",
         .handler = decide(false)},
    };
}

std::vector<http::Endpoint> OAuthService::key_routes() {
    return {
        {.method = Method::get,
         .path = "/api/v1/oauth/keys",
         .action = "oauth.read",
         .handler = [this](const Request& request) { return json_or_error(keys_.list(request.actor())); }},
        {.method = Method::post,
         .path = "/api/v1/oauth/keys/rotation",
         .action = "oauth.rotate_keys",
         .pool = Pool::slow,
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_CHECK(parts_.permissions.require(request.actor(), "oauth.rotate_keys"));
             KAIGONG_TRY(body, http::json_body(request));
             JsonReader reader(body);
             const auto urgent = reader.boolean("urgent");
             KAIGONG_CHECK(reader.finish());
             return json_or_error(keys_.rotate(request.actor(), urgent));
         }},
    };
}

std::vector<http::Endpoint> OAuthService::routes() {
    std::vector<http::Endpoint> all;
    for (auto part : {program_routes(), person_routes(), client_routes(), secret_routes(), proposal_routes(),
                      key_routes(), provider_.routes()}) {
        std::ranges::move(part, std::back_inserter(all));
    }
    return all;
}

}  // namespace

std::span<const authz::Grant> permissions() {
    return kGrants;
}

Result<std::unique_ptr<OAuth>> make_oauth(Parts parts) {
    const auto& url = parts.public_url;
    const bool local = url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:") ||
                       url.starts_with("http://[::1]:");
    if (!url.starts_with("https://") && !local) {
        return error(Errc::invalid_input, "oauth.issuer_not_secure",
                     "server.public_url 须是 https 地址（只有本机试用可以是 http://127.0.0.1），请改正配置。");
    }
    if (parts.provider) KAIGONG_CHECK(check_provider_settings(*parts.provider));
    return std::make_unique<OAuthService>(std::move(parts));
}

}  // namespace kaigong::oauth
