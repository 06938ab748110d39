// Certificates (RFC 5280; with SM2 as GB/T 20518 has them): reading, issuing for training and tests, and the way from a
// signer to a trusted root. Everything by our own reader, because OpenSSL 3.0 leaves SM2's user id empty in chains.
// Not here: revocation lists and OCSP — when a certificate was withdrawn is asked of the log's times and of the issuer.
#pragma once

#include "base/result.hpp"
#include "crypto/bytes.hpp"
#include "crypto/signer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::crypto {

/// Bits of keyUsage, RFC 5280 4.2.1.3; bit 0 of the standard is 1 here.
namespace key_usage {
inline constexpr unsigned kDigitalSignature = 1U << 0U;
inline constexpr unsigned kNonRepudiation = 1U << 1U;
inline constexpr unsigned kCertificateSign = 1U << 5U;
inline constexpr unsigned kRevocationSign = 1U << 6U;
}  // namespace key_usage

/// One certificate as it was read. A value: copies are independent of the bytes it came from.
struct Certificate {
    Bytes der;
    /// What the issuer signed: a part of `der`, copied.
    Bytes to_be_signed;
    std::string signature_identifier;
    Bytes signature;
    /// Names as DER: compared byte for byte, shown by the texts below.
    Bytes subject;
    Bytes issuer;
    /// UTF-8, empty where the subject has none.
    std::string subject_common_name;
    std::string subject_organisation;
    std::string issuer_common_name;
    /// The content of the INTEGER, and lower-case hexadecimal for people.
    Bytes serial;
    std::string serial_hex;
    std::int64_t not_before_ms = 0;
    std::int64_t not_after_ms = 0;
    Bytes public_key_info;
    bool is_ca = false;
    /// How many further authorities may follow under this one.
    std::optional<std::int64_t> path_length_max;
    /// Nothing where the certificate does not say (then every use is allowed).
    std::optional<unsigned> key_usage;
    /// Dotted; 1.3.6.1.5.5.7.3.8 is time stamping.
    std::vector<std::string> extended_key_usage;
    /// Dotted names of critical extensions that this program does not judge; a chain with one is refused.
    std::vector<std::string> unknown_critical;

    bool operator==(const Certificate& other) const { return der == other.der; }
    /// Both ends included.
    bool valid_at(std::int64_t at_ms) const { return not_before_ms <= at_ms && at_ms <= not_after_ms; }
    bool allows(unsigned usage) const { return !key_usage || (*key_usage & usage) != 0; }
};

/// Fails with crypto.certificate_malformed.
Result<Certificate> read_certificate(BytesView der);
/// All certificates of a PEM text, in its order, text between them passed over; at least one.
/// Fails with crypto.certificate_malformed.
Result<std::vector<Certificate>> read_certificates_pem(std::string_view pem);
std::string to_pem(const Certificate& certificate);

struct CertificateName {
    std::string common_name;
    std::string organisation;
    std::string country = "CN";
};

/// What a new certificate shall say.
struct NewCertificate {
    CertificateName subject;
    /// Big-endian, positive, at most 20 bytes. Random, so that nobody can foresee it (RFC 5280 4.1.2.2).
    Bytes serial;
    std::int64_t not_before_ms = 0;
    std::int64_t not_after_ms = 0;
    bool is_ca = false;
    std::optional<std::int64_t> path_length_max;
    /// 0: certificate and revocation signing for an authority, digital signature and non-repudiation else.
    unsigned key_usage = 0;
    bool time_stamping = false;
};

/// A root: signed by the key it is about. Fails as the signer does.
Result<Certificate> make_root_certificate(const NewCertificate& wanted, const Signer& key);
/// For the key `public_key_info`, signed by `issuer_key`, which is the key of `issuer`. Fails as the signer does.
Result<Certificate> make_certificate(const NewCertificate& wanted, BytesView public_key_info, const Certificate& issuer,
                                     const Signer& issuer_key);

/// Whether its extended key usage, where there is one, includes documents: any, id-kp-emailProtection (what authorities
/// of certificates give for signing) or id-kp-documentSigning (RFC 9336). A key for time stamps signs no documents.
bool is_for_documents(const Certificate& certificate);

/// Whether `issuer`'s key signed the certificate. Says nothing about times and rights.
bool signed_by(const Certificate& certificate, const Certificate& issuer);

/// From the signer to a trusted root, both included: names, signatures, validity at `at_ms`, rights to issue, lengths.
/// `intermediates` may hold anything, in any order; a root counts only when it is in `roots`.
/// Fails with crypto.certificate_unknown (no way to a root), crypto.certificate_expired (there is a way, but one of it
/// was not valid then; the message names it), crypto.certificate_not_for_signing (the leaf's keyUsage forbids it).
Result<std::vector<Certificate>> verify_chain(const Certificate& leaf, std::span<const Certificate> intermediates,
                                              std::span<const Certificate> roots, std::int64_t at_ms);

}  // namespace kaigong::crypto
