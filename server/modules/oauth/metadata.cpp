#include "modules/oauth/metadata.hpp"

#include <boost/json/array.hpp>

#include "modules/oauth/oauth.hpp"

namespace kaigong::oauth {

boost::json::object server_metadata(const std::string& issuer) {
    using boost::json::array;
    array names;
    for (const auto& scope : scopes()) names.emplace_back(scope.name);
    const array confidential{"client_secret_basic", "client_secret_post", "private_key_jwt"};
    const array algorithms{"ES256", "RS256", "PS256"};
    array any{"none"};
    any.insert(any.end(), confidential.begin(), confidential.end());
    return {
        {"issuer", issuer},
        {"authorization_endpoint", issuer + "/oauth/authorize"},
        {"pushed_authorization_request_endpoint", issuer + "/oauth/par"},
        {"token_endpoint", issuer + "/oauth/token"},
        {"revocation_endpoint", issuer + "/oauth/revoke"},
        {"introspection_endpoint", issuer + "/oauth/introspect"},
        {"userinfo_endpoint", issuer + "/oauth/userinfo"},
        {"device_authorization_endpoint", issuer + "/oauth/device_authorization"},
        {"jwks_uri", issuer + "/oauth/jwks"},
        {"scopes_supported", std::move(names)},
        {"response_types_supported", {"code"}},
        {"response_modes_supported", {"query"}},
        {"grant_types_supported",
         {"authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"}},
        {"subject_types_supported", {"public"}},
        {"id_token_signing_alg_values_supported", {"ES256", "RS256"}},
        {"code_challenge_methods_supported", {"S256"}},
        {"token_endpoint_auth_methods_supported", any},
        {"token_endpoint_auth_signing_alg_values_supported", algorithms},
        {"revocation_endpoint_auth_methods_supported", any},
        {"revocation_endpoint_auth_signing_alg_values_supported", algorithms},
        {"introspection_endpoint_auth_methods_supported", confidential},
        {"introspection_endpoint_auth_signing_alg_values_supported", algorithms},
        {"claims_supported",
         {"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name", "organisation", "credit_code",
          "roles", "department", "region_code"}},
        {"ui_locales_supported", {"zh-CN", "en"}},
        {"prompt_values_supported", {"login", "consent"}},
        {"authorization_response_iss_parameter_supported", true},
        {"request_parameter_supported", false},
        {"request_uri_parameter_supported", true},
        {"require_request_uri_registration", false},
        {"require_pushed_authorization_requests", false}};
}

}  // namespace kaigong::oauth
