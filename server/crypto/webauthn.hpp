// The server's side of WebAuthn (W3C, level 2, 7.1 and 7.2): whether what a browser brings was made by a security key,
// for this site, now, with the person present and verified. Attestation is not asked for, so that nothing is known
// about makes and models and nobody has to be trusted (docs/adr/0029). The keys and signatures are libfido2's.
// Not for: remembering challenges and credentials; that is the caller's.
//
// Everything comes from strangers and is bounded; nothing of it ends in a message.
#pragma once

#include "base/result.hpp"
#include "crypto/bytes.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kaigong::crypto {

/// By their numbers in COSE (RFC 9053), in the order in which they are offered to the browser.
inline constexpr std::array kWebauthnAlgorithms{-7, -8, -257};  // ES256, EdDSA (Ed25519), RS256 (2048 bits)

inline constexpr std::size_t kClientDataBytesMax = 8'192;
inline constexpr std::size_t kAuthenticatorDataBytesMax = 4'096;
inline constexpr std::size_t kCredentialIdBytesMax = 1'023;  // WebAuthn 6.5.1
inline constexpr std::size_t kWebauthnSignatureBytesMax = 1'024;

struct WebauthnExpected {
    /// base64url, as it went to the browser.
    std::string challenge;
    /// `https://permits.example.gov.cn`
    std::string origin;
    /// `permits.example.gov.cn`
    std::string rp_id;
};

struct WebauthnKey {
    int algorithm = 0;
    /// ES256: x ‖ y · EdDSA: 32 bytes · RS256: modulus ‖ exponent.
    Bytes public_key;
};

struct WebauthnCredential {
    Bytes credential_id;
    WebauthnKey key;
    std::uint32_t sign_count = 0;
};

/// The challenge that a browser says it answers, to look it up by. Says nothing about whether the rest is right.
/// Fails with crypto.webauthn_client_data_malformed.
Result<std::string> webauthn_challenge_of(std::string_view client_data_json);

/// Of navigator.credentials.create(), with authenticator data as getAuthenticatorData() gives it.
/// Fails with (all invalid_input)
///   crypto.webauthn_client_data_malformed, crypto.webauthn_type_wrong, crypto.webauthn_challenge_wrong,
///   crypto.webauthn_origin_wrong, crypto.webauthn_cross_origin (asked from within a page of another site),
///   crypto.webauthn_authenticator_data_malformed (cut off, bytes left over, no key in it), crypto.webauthn_rp_wrong,
///   crypto.webauthn_user_absent, crypto.webauthn_user_unverified,
///   crypto.webauthn_key_unsupported (another algorithm, or no key of the algorithm it names).
Result<WebauthnCredential> verify_webauthn_registration(const WebauthnExpected& expected,
                                                        std::string_view client_data_json,
                                                        BytesView authenticator_data);

/// Of navigator.credentials.get(). Gives the new count. A count that did not grow means that there may be two of the
/// key; keys that do not count stay at 0.
/// Fails as above, with crypto.webauthn_signature_wrong and crypto.webauthn_counter_back (conflict); the counter is
/// looked at last, so that only who holds the key can fail by it.
Result<std::uint32_t> verify_webauthn_assertion(const WebauthnExpected& expected, const WebauthnKey& key,
                                                std::uint32_t stored_count, std::string_view client_data_json,
                                                BytesView authenticator_data, BytesView signature);

}  // namespace kaigong::crypto
