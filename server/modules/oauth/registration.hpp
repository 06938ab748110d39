// What two administrators agreed to about a client: what kind of program it is, where answers go, what it may ask for.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.hpp"
#include "crypto/jwk.hpp"
#include "modules/oauth/scopes.hpp"

namespace kaigong::oauth {

/// web: a server that keeps a secret, for people · browser: a page, without secrets · native: an app of a person's
/// machine (RFC 8252) · device: without a browser (RFC 8628) · system: another system for itself.
enum class ClientKind { web, browser, native, device, system };
enum class ClientProof { none, client_secret_basic, client_secret_post, private_key_jwt };
enum class GrantType { authorization_code, refresh_token, client_credentials, device_code };

std::string_view to_string(ClientKind kind);
std::string_view to_string(ClientProof proof);

struct Registration {
    std::string client_name;
    std::string organisation_name;  ///< who runs it, as the consent page says
    ClientKind kind = ClientKind::web;
    ClientProof proof = ClientProof::none;
    std::vector<std::string> redirect_uris;
    ScopeNames scopes;
    /// Of a system: permits and cases inside this area only.
    std::string region_code;
    /// `ES256` or `RS256`.
    std::string id_token_algorithm = "ES256";
    /// Public keys of a client that signs (private_key_jwt), as a set of RFC 7517.
    boost::json::object jwks;
    /// May ask what a token is worth (RFC 7662).
    bool resource_server = false;
    /// Of the authority itself: may learn roles.
    bool internal = false;
    /// Takes requests only as pushed ones (RFC 9126).
    bool pushed_only = false;

    bool may_use(GrantType type) const;
    bool is_public() const { return proof == ClientProof::none; }
};

boost::json::object registration_json(const Registration& registration);

/// What an administrator sent, or a row holds. `secure_only`: addresses of this machine without TLS are refused for
/// servers and pages. What is wrong is noted in the reader.
Registration read_registration(JsonReader& reader, bool secure_only);
Registration registration_of_row(const std::string& json);

/// Exactly one of the registered addresses; for a native client on the machine's own address the port is free (RFC
/// 8252 7.3).
bool is_registered_redirect(const Registration& registration, std::string_view redirect_uri);

/// `https://a.example:8443` of an address; empty for one of a private scheme.
std::string origin_of(std::string_view redirect_uri);

}  // namespace kaigong::oauth
