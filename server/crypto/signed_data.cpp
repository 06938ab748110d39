#include "crypto/signed_data.hpp"

#include "crypto/der.hpp"

namespace kaigong::crypto {
namespace {

Error unfit() {
    return error(Errc::invalid_input, "crypto.signer_unfit",
                 "签名密钥与证书不相配，或算法不适用于 PDF 签名：请使用 P-256 或 RSA 密钥及其证书。");
}

Bytes algorithm_identifier(SignatureAlgorithm algorithm) {
    // RFC 5652 with RSA: the key's own name (RFC 3370 3.2), which every reader knows; ECDSA names the hash (RFC 5754).
    if (algorithm == SignatureAlgorithm::rsa_sha256) return der::sequence({der::oid(cms_oid::kRsaKey), der::null()});
    return der::sequence({der::oid(identifier_of(algorithm))});
}

Bytes encapsulated(const SignedDataParts& parts) {
    const Bytes type = der::oid(parts.content_type);
    if (!parts.content) return der::sequence({type});
    return der::sequence({type, der::explicitly(0, der::octet_string(*parts.content))});
}

Bytes certificate_set(std::span<const Certificate> chain) {
    std::vector<Bytes> members;
    members.reserve(chain.size());
    for (const Certificate& certificate : chain) members.push_back(certificate.der);
    return der::retagged(der::constructed(0), der::set_of(std::move(members)));
}

Result<Bytes> signer_info(const SignedDataParts& parts, const Signer& signer) {
    const Bytes attributes = signed_attributes(parts.content_type, parts.content_digest, parts.chain[0]);
    KAIGONG_TRY(signature, signer.sign(attributes));
    std::vector<Bytes> fields{der::integer(1),
                              issuer_and_serial(parts.chain[0]),
                              sha256_identifier(),
                              der::retagged(der::constructed(0), attributes),
                              algorithm_identifier(signer.algorithm()),
                              der::octet_string(signature)};
    if (parts.unsigned_attributes) {
        KAIGONG_TRY(others, parts.unsigned_attributes(signature));
        if (!others.empty()) fields.push_back(der::retagged(der::constructed(1), der::set_of(std::move(others))));
    }
    return der::sequence(fields);
}

}  // namespace

Bytes sha256_identifier() {
    return der::sequence({der::oid(cms_oid::kSha256)});
}

Bytes cms_attribute(std::string_view type, BytesView value) {
    return der::sequence({der::oid(type), der::value(der::kSet, value)});
}

Bytes issuer_and_serial(const Certificate& certificate) {
    return der::sequence({certificate.issuer, der::value(der::kInteger, certificate.serial)});
}

Bytes signed_attributes(std::string_view content_type, const Digest& content_digest, const Certificate& signer) {
    // ESSCertIDv2 (RFC 5035): SHA-256 is its default and therefore not written.
    const Bytes certificate_id = der::sequence({der::octet_string(sha256(signer.der))});
    const Bytes signing_certificate = der::sequence({der::sequence({certificate_id})});
    return der::set_of({cms_attribute(cms_oid::kContentType, der::oid(content_type)),
                        cms_attribute(cms_oid::kMessageDigest, der::octet_string(content_digest)),
                        cms_attribute(cms_oid::kSigningCertificate, signing_certificate)});
}

Result<Bytes> write_signed_data(const SignedDataParts& parts, const Signer& signer) {
    const bool known_algorithm = signer.algorithm() == SignatureAlgorithm::ecdsa_p256_sha256 ||
                                 signer.algorithm() == SignatureAlgorithm::rsa_sha256;
    if (!known_algorithm || parts.chain.empty() || parts.chain[0].public_key_info != signer.public_key_info()) {
        return unfit();
    }
    KAIGONG_TRY(info, signer_info(parts, signer));
    // RFC 5652 5.1: version 3 where the content is of a type of its own.
    const Bytes version = der::integer(parts.content_type == cms_oid::kData ? 1 : 3);
    const Bytes signed_data = der::sequence({version, der::set_of({sha256_identifier()}), encapsulated(parts),
                                             certificate_set(parts.chain), der::set_of({info})});
    return der::sequence({der::oid(cms_oid::kSignedData), der::explicitly(0, signed_data)});
}

}  // namespace kaigong::crypto
