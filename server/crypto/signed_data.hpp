// The frame that CMS signatures and time stamp tokens share (RFC 5652 5): for the sources of this folder and its tests.
#pragma once

#include "crypto/digest.hpp"
#include "crypto/signer.hpp"
#include "crypto/x509.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace kaigong::crypto {

namespace cms_oid {
inline constexpr std::string_view kData = "1.2.840.113549.1.7.1";
inline constexpr std::string_view kSignedData = "1.2.840.113549.1.7.2";
inline constexpr std::string_view kTimestampInfo = "1.2.840.113549.1.9.16.1.4";
inline constexpr std::string_view kContentType = "1.2.840.113549.1.9.3";
inline constexpr std::string_view kMessageDigest = "1.2.840.113549.1.9.4";
inline constexpr std::string_view kSigningCertificate = "1.2.840.113549.1.9.16.2.47";
inline constexpr std::string_view kSignatureTimestamp = "1.2.840.113549.1.9.16.2.14";
inline constexpr std::string_view kSha256 = "2.16.840.1.101.3.4.2.1";
inline constexpr std::string_view kRsaKey = "1.2.840.113549.1.1.1";
}  // namespace cms_oid

/// What goes into a SignedData of one signer.
struct SignedDataParts {
    std::string_view content_type = cms_oid::kData;
    /// Nothing: detached.
    std::optional<Bytes> content;
    Digest content_digest{};
    std::span<const Certificate> chain;
    /// Called with the signature's value; gives whole attributes, or none.
    std::function<Result<std::vector<Bytes>>(BytesView signature)> unsigned_attributes;
};

/// ContentInfo, DER. Fails with crypto.signer_unfit, and as the signer does.
Result<Bytes> write_signed_data(const SignedDataParts& parts, const Signer& signer);

Bytes sha256_identifier();
/// Attribute { type, SET { value } }.
Bytes cms_attribute(std::string_view type, BytesView value);
/// The three signed attributes as SET OF, as they are hashed.
Bytes signed_attributes(std::string_view content_type, const Digest& content_digest, const Certificate& signer);
Bytes issuer_and_serial(const Certificate& certificate);

}  // namespace kaigong::crypto
