// Signed JSON tokens in the compact form (RFC 7519, RFC 8725): written with ES256 or RS256, read with these and PS256.
// Neither `none` nor a shared secret is an algorithm here, so no header can ask for them. What the claims mean
// (issuer, audience, time) is judged by whoever asked for the token.
#pragma once

#include "base/result.hpp"
#include "crypto/signer.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace kaigong::crypto {

enum class JwtAlgorithm { es256, rs256, ps256 };

/// `ES256` and so on.
std::string_view to_string(JwtAlgorithm algorithm);

inline constexpr std::size_t kJwtBytesMax = 16U << 10U;

/// What `typ` of the header says is `type` (`JWT`, `at+jwt`).
/// Fails with crypto.signer_unfit (neither ECDSA P-256 nor RSA), and as the signer does.
Result<std::string> sign_jwt(const boost::json::object& claims, const Signer& signer, std::string_view key_id,
                             std::string_view type = "JWT");

/// A token taken apart; nothing about it is believed yet.
struct Jwt {
    JwtAlgorithm algorithm = JwtAlgorithm::es256;
    /// `kid`; empty where there is none.
    std::string key_id;
    std::string type;
    boost::json::object claims;
    std::string signed_text;
    Bytes signature;
};

/// Fails with crypto.jwt_malformed (also too large, too deep, a critical header member) and
/// crypto.jwt_algorithm_refused.
Result<Jwt> read_jwt(std::string_view text);

/// A claim of a time (`exp`, `iat`, `nbf`): whole seconds since 1970 that can be reckoned with in milliseconds. Nothing
/// for one that is missing, negative, not whole or beyond every date: a stranger chose the number.
std::optional<std::int64_t> seconds_of_claim(const boost::json::object& claims, std::string_view name);

/// The algorithm must be one of the key's kind. False for a wrong signature and for a wrong key alike.
bool verify_jwt(const Jwt& jwt, BytesView public_key_info);

}  // namespace kaigong::crypto
