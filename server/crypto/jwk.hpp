// Public keys as JSON (RFC 7517, RFC 7518 6): EC on P-256 and RSA with 2048 to 4096 bits, for signatures. What somebody
// else publishes beside them (keys for encryption, other curves) is passed over.
#pragma once

#include "base/result.hpp"
#include "crypto/signer.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::crypto {

struct Jwk {
    /// `kid`; empty where the set names none.
    std::string key_id;
    /// `alg`; empty: whatever the kind of key allows.
    std::string algorithm;
    Bytes public_key_info;
};

inline constexpr std::size_t kJwkSetKeysMax = 32;

/// With `use` and `alg` (ES256 or RS256). Throws std::invalid_argument for another kind of key.
boost::json::object jwk_of(BytesView public_key_info, std::string_view key_id);

/// SHA-256 of the key's required members (RFC 7638), base64url: a name for the key that nobody has to choose.
std::string jwk_thumbprint(BytesView public_key_info);

/// The keys of a set that can verify signatures. Fails with crypto.jwk_malformed (no set, a key that is none, more
/// than kJwkSetKeysMax).
Result<std::vector<Jwk>> read_jwk_set(const boost::json::value& set);

}  // namespace kaigong::crypto
