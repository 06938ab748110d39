// Electronic signatures by private keys, wherever the key lives: a key file under a passphrase (here) or a device
// behind PKCS#11 (pkcs11.hpp). What is signed — CMS, seals, certificates — is built elsewhere and asks only for a
// Signer.
//
// Bytes of a signature: ECDSA and SM2 as DER SEQUENCE { r, s }, RSA as PKCS#1 v1.5, Ed25519 as its 64 bytes.
#pragma once

#include "base/result.hpp"
#include "crypto/bytes.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace kaigong::crypto {

enum class SignatureAlgorithm {
    ecdsa_p256_sha256,  // FIPS 186-4 on P-256
    rsa_sha256,         // RFC 8017 8.2, new keys have 3072 bits
    sm2_sm3,            // GB/T 32918.2 with the user id of GB/T 35276, kSm2UserId
    ed25519,            // RFC 8032
};

/// `ecdsa_p256_sha256` and so on, as settings write it.
std::string_view to_string(SignatureAlgorithm algorithm);
/// The dotted name of the signature algorithm in certificates and seals.
std::string_view identifier_of(SignatureAlgorithm algorithm);

/// GB/T 35276: who signs without a name of his own signs under this one.
inline constexpr std::string_view kSm2UserId = "1234567812345678";

/// One private key. Any thread.
class Signer {
  public:
    Signer() = default;
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    virtual ~Signer() = default;

    virtual SignatureAlgorithm algorithm() const = 0;
    /// SubjectPublicKeyInfo, DER (RFC 5280 4.1.2.7).
    virtual const Bytes& public_key_info() const = 0;
    /// Signs the message itself; hashing is part of it. A key in memory cannot fail; a device fails as pkcs11.hpp says.
    virtual Result<Bytes> sign(BytesView message) const = 0;
    /// Whether `sign` can be asked now; nothing is signed. Who is going to do something irrevocable for the sake of a
    /// signature asks first. A key in memory always can; others fail as their `sign` does.
    virtual Result<void> ready() const { return {}; }
};

/// A new key that is never written anywhere: tests, training seals.
std::unique_ptr<Signer> new_signer(SignatureAlgorithm algorithm);

/// A new key as a key file: PKCS#8 in PEM, AES-256 under PBKDF2 of the passphrase.
/// `rounds` makes guessing a passphrase costly; only what is public anyway takes fewer.
/// Fails with crypto.passphrase_missing (empty).
Result<std::string> new_key_file(SignatureAlgorithm algorithm, std::string_view passphrase, int rounds = 600'000);

/// Takes a third of a second (PBKDF2): once at the start, then the key stays loaded.
/// Fails with crypto.key_file_malformed, crypto.passphrase_wrong, crypto.key_unsupported (another kind of key).
Result<std::unique_ptr<Signer>> open_key_file(std::string_view pem, std::string_view passphrase);

/// Which algorithm a public key signs with. Fails with crypto.key_unsupported.
Result<SignatureAlgorithm> algorithm_of(BytesView public_key_info);

/// False for a wrong signature, another kind of key, and a key or signature that cannot be read alike.
bool verify_signature(BytesView public_key_info, SignatureAlgorithm algorithm, BytesView message, BytesView signature);

/// As `verify_signature`, for the dotted algorithm of a certificate: also what other authorities sign with (ECDSA and
/// RSA with SHA-384 and SHA-512). False for an algorithm that is not known.
bool verify_signature_by_identifier(BytesView public_key_info, std::string_view identifier, BytesView message,
                                    BytesView signature);

/// DER SEQUENCE { r, s } to r ‖ s of 32 bytes each (JWS, XML signatures). Fails with crypto.signature_malformed.
Result<Bytes> raw_of_der_signature(BytesView signature);
/// And back. Fails with crypto.signature_malformed (not 64 bytes).
Result<Bytes> der_of_raw_signature(BytesView raw);

}  // namespace kaigong::crypto
