// Issuing of x509.hpp.
#include "crypto/der.hpp"
#include "crypto/digest.hpp"
#include "crypto/x509.hpp"

#include <bit>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kKeyIdentifierBytes = 20;
constexpr std::string_view kTimeStamping = "1.3.6.1.5.5.7.3.8";

Bytes name_part(std::string_view type, Bytes text) {
    return der::set_of({der::sequence({der::oid(type), text})});
}

Bytes name(const CertificateName& wanted) {
    std::vector<Bytes> parts;
    if (!wanted.country.empty()) parts.push_back(name_part("2.5.4.6", der::printable_string(wanted.country)));
    if (!wanted.organisation.empty()) parts.push_back(name_part("2.5.4.10", der::utf8_string(wanted.organisation)));
    parts.push_back(name_part("2.5.4.3", der::utf8_string(wanted.common_name)));
    return der::sequence(parts);
}

Bytes algorithm_identifier(SignatureAlgorithm algorithm) {
    const Bytes identifier = der::oid(identifier_of(algorithm));
    // RFC 4055 wants NULL beside RSA; ECDSA (RFC 5758), SM2 and Ed25519 (RFC 8410) have nothing there.
    if (algorithm == SignatureAlgorithm::rsa_sha256) return der::sequence({identifier, der::null()});
    return der::sequence({identifier});
}

Bytes extension(std::string_view identifier, bool critical, BytesView content) {
    if (!critical) return der::sequence({der::oid(identifier), der::octet_string(content)});
    return der::sequence({der::oid(identifier), der::boolean(true), der::octet_string(content)});
}

/// RFC 7093 method 1, over the key's bits.
Bytes key_identifier(BytesView public_key_info) {
    const Digest digest = sha256(public_key_info);
    return Bytes(digest.begin(), digest.begin() + kKeyIdentifierBytes);
}

/// A named bit list: no zero bits at the end (X.690 11.2.2).
Bytes usage_bits(unsigned usage) {
    std::uint8_t bits = 0;
    for (unsigned i = 0; i < 8; ++i) {
        if ((usage & (1U << i)) != 0) bits = static_cast<std::uint8_t>(bits | (0x80U >> i));
    }
    const auto unused = static_cast<std::uint8_t>(std::countr_zero(bits));
    const Bytes content{unused, bits};
    return der::value(der::kBitString, content);
}

Bytes basic_constraints(const NewCertificate& wanted) {
    if (!wanted.is_ca) return der::sequence(std::vector<Bytes>{});
    if (!wanted.path_length_max) return der::sequence({der::boolean(true)});
    return der::sequence({der::boolean(true), der::integer(*wanted.path_length_max)});
}

unsigned usage_of(const NewCertificate& wanted) {
    if (wanted.key_usage != 0) return wanted.key_usage;
    if (wanted.is_ca) return key_usage::kCertificateSign | key_usage::kRevocationSign;
    return key_usage::kDigitalSignature | key_usage::kNonRepudiation;
}

Bytes extensions(const NewCertificate& wanted, BytesView public_key_info, BytesView issuer_key_info) {
    std::vector<Bytes> list;
    list.push_back(extension("2.5.29.19", true, basic_constraints(wanted)));
    list.push_back(extension("2.5.29.15", true, usage_bits(usage_of(wanted))));
    list.push_back(extension("2.5.29.14", false, der::octet_string(key_identifier(public_key_info))));
    const Bytes issuer_key = der::value(der::primitive(0), key_identifier(issuer_key_info));
    list.push_back(extension("2.5.29.35", false, der::sequence({issuer_key})));
    // RFC 3161 2.3: critical, and nothing else beside it.
    if (wanted.time_stamping) list.push_back(extension("2.5.29.37", true, der::sequence({der::oid(kTimeStamping)})));
    return der::explicitly(3, der::sequence(list));
}

Result<Certificate> issue(const NewCertificate& wanted, BytesView public_key_info, BytesView issuer_name,
                          const Signer& issuer_key) {
    const Bytes algorithm = algorithm_identifier(issuer_key.algorithm());
    const Bytes to_be_signed = der::sequence(
        {der::explicitly(0, der::integer(2)), der::unsigned_integer(wanted.serial), algorithm, issuer_name,
         der::sequence({der::certificate_time(wanted.not_before_ms), der::certificate_time(wanted.not_after_ms)}),
         name(wanted.subject), public_key_info, extensions(wanted, public_key_info, issuer_key.public_key_info())});
    KAIGONG_TRY(signature, issuer_key.sign(to_be_signed));
    return read_certificate(der::sequence({to_be_signed, algorithm, der::bit_string(signature)}));
}

}  // namespace

Result<Certificate> make_root_certificate(const NewCertificate& wanted, const Signer& key) {
    return issue(wanted, key.public_key_info(), name(wanted.subject), key);
}

Result<Certificate> make_certificate(const NewCertificate& wanted, BytesView public_key_info, const Certificate& issuer,
                                     const Signer& issuer_key) {
    return issue(wanted, public_key_info, issuer.subject, issuer_key);
}

}  // namespace kaigong::crypto
