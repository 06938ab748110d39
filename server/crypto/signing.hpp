// Signatures: Ed25519 (RFC 8032) for what others check with a public key, and the short HMAC of verification links.
#pragma once

#include "base/result.hpp"
#include "crypto/key_ring.hpp"

#include <array>
#include <string>
#include <string_view>

namespace kaigong::crypto {

using Ed25519Signature = std::array<std::uint8_t, 64>;
using Ed25519PublicKey = std::array<std::uint8_t, 32>;

/// A private key in memory. Immutable: any thread.
class SigningKey {
  public:
    /// From the 32 bytes of the key (RFC 8032 "secret key"). Fails with crypto.signing_key_malformed.
    static Result<SigningKey> from_bytes(BytesView seed);
    /// 32 random bytes, to be kept by the caller and given to `from_bytes`.
    static Secret new_seed();

    Ed25519PublicKey public_key() const;
    Ed25519Signature sign(BytesView message) const;

  private:
    explicit SigningKey(Secret seed) : seed_(std::move(seed)) {}
    Secret seed_;
};

/// False for a wrong signature, a wrong key and a signature of another length alike.
bool verify_ed25519(const Ed25519PublicKey& key, BytesView message, BytesView signature);

/// The `s=` of a verification link (the QR): 96 bits of HMAC-SM3 under the current key, 16 base64url characters. It
/// keeps strangers from trying identifiers one after another; what proves the certificate is the page behind the link.
std::string sign_link(const KeyRing& ring, std::string_view certificate_identifier);
/// Right under any key of the ring, also a retired one: printed certificates outlive a change of keys.
bool verify_link(const KeyRing& ring, std::string_view certificate_identifier, std::string_view signature);

/// 防伪码, printed on the face: 80 bits of HMAC-SM3 as four groups of four characters, without I, L, O and U, which
/// people misread. Who types it in learns whether it belongs to the number. `key_id` is the key of the day on which the
/// certificate was prepared, so that the code shown is the code printed; an unknown one stands for the current.
std::string anti_forgery_code(const KeyRing& ring, std::string_view certificate_identifier, std::string_view key_id);
/// Right under any key of the ring, also a retired one; small letters, spaces and missing hyphens are forgiven.
bool verify_anti_forgery_code(const KeyRing& ring, std::string_view certificate_identifier, std::string_view code);

}  // namespace kaigong::crypto
