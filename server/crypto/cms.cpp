#include "crypto/cms.hpp"

#include "crypto/der.hpp"
#include "crypto/signed_data.hpp"

#include <algorithm>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kCertificatesMax = 8;

Error malformed() {
    return error(Errc::invalid_input, "crypto.cms_malformed",
                 "电子签名的结构无法识别，文件可能已损坏，请重新下载原始文件。");
}

Error wrong() {
    return error(Errc::invalid_input, "crypto.cms_signature_wrong",
                 "电子签名与签名人的证书不符，该文件不可信，请重新下载原始文件。");
}

bool same(BytesView left, BytesView right) {
    return std::ranges::equal(left, right);
}

/// A SignedData taken apart; views into the bytes.
struct Parts {
    std::vector<Certificate> certificates;
    BytesView signer_id;
    BytesView attributes;
    bool rsa = false;
    BytesView signature;
    BytesView token;
};

Result<void> expect(der::Reader& reader, BytesView whole) {
    KAIGONG_TRY(element, reader.next());
    if (!same(element.whole, whole)) return malformed();
    return {};
}

/// SHA-256 with NULL beside it (as RFC 5754 lets others write) or without.
Result<void> expect_sha256(der::Reader& reader) {
    KAIGONG_TRY(algorithm, reader.sequence());
    KAIGONG_CHECK(expect(algorithm, der::oid(cms_oid::kSha256)));
    if (!algorithm.empty()) KAIGONG_CHECK(expect(algorithm, der::null()));
    return algorithm.finish();
}

Result<void> read_certificates(der::Reader& fields, Parts& out) {
    KAIGONG_TRY(set, fields.enter(der::constructed(0)));
    while (!set.empty()) {
        KAIGONG_TRY(element, set.next());
        if (out.certificates.size() == kCertificatesMax) return malformed();
        KAIGONG_TRY(certificate, read_certificate(element.whole));
        out.certificates.push_back(std::move(certificate));
    }
    return {};
}

Result<void> read_algorithm(der::Reader& fields, Parts& out) {
    KAIGONG_TRY(element, fields.next(der::kSequence));
    const auto named = [&](std::string_view identifier) {
        return same(element.whole, der::sequence({der::oid(identifier), der::null()}));
    };
    out.rsa = named(cms_oid::kRsaKey) || named(identifier_of(SignatureAlgorithm::rsa_sha256));
    if (out.rsa) return {};
    const Bytes ecdsa = der::sequence({der::oid(identifier_of(SignatureAlgorithm::ecdsa_p256_sha256))});
    if (!same(element.whole, ecdsa)) return malformed();
    return {};
}

/// The only unsigned attribute that is known: a stranger could put anything there.
Result<void> read_unsigned(der::Reader& fields, Parts& out) {
    if (fields.empty()) return {};
    KAIGONG_TRY(set, fields.enter(der::constructed(1)));
    KAIGONG_TRY(attribute, set.sequence());
    KAIGONG_CHECK(set.finish());
    KAIGONG_CHECK(expect(attribute, der::oid(cms_oid::kSignatureTimestamp)));
    KAIGONG_TRY(values, attribute.enter(der::kSet));
    KAIGONG_CHECK(attribute.finish());
    KAIGONG_TRY(token, values.next(der::kSequence));
    out.token = token.whole;
    return values.finish();
}

Result<void> read_signer_info(der::Reader& fields, Parts& out) {
    KAIGONG_TRY(infos, fields.enter(der::kSet));
    KAIGONG_CHECK(fields.finish());
    KAIGONG_TRY(info, infos.sequence());
    KAIGONG_CHECK(infos.finish());
    KAIGONG_CHECK(expect(info, der::integer(1)));
    KAIGONG_TRY(signer_id, info.next(der::kSequence));
    out.signer_id = signer_id.whole;
    KAIGONG_CHECK(expect_sha256(info));
    KAIGONG_TRY(attributes, info.next(der::constructed(0)));
    out.attributes = attributes.whole;
    KAIGONG_CHECK(read_algorithm(info, out));
    KAIGONG_TRY(signature, info.octet_string());
    out.signature = signature;
    KAIGONG_CHECK(read_unsigned(info, out));
    return info.finish();
}

Result<Parts> take_apart(BytesView cms) {
    Parts out;
    KAIGONG_TRY(whole, der::single(cms));
    der::Reader outer(whole.whole);
    KAIGONG_TRY(info, outer.sequence());
    KAIGONG_CHECK(expect(info, der::oid(cms_oid::kSignedData)));
    KAIGONG_TRY(wrapper, info.enter(der::constructed(0)));
    KAIGONG_CHECK(info.finish());
    KAIGONG_TRY(fields, wrapper.sequence());
    KAIGONG_CHECK(wrapper.finish());
    KAIGONG_CHECK(expect(fields, der::integer(1)));
    KAIGONG_TRY(digests, fields.enter(der::kSet));
    KAIGONG_CHECK(expect_sha256(digests));
    KAIGONG_CHECK(digests.finish());
    KAIGONG_CHECK(expect(fields, der::sequence({der::oid(cms_oid::kData)})));
    KAIGONG_CHECK(read_certificates(fields, out));
    KAIGONG_CHECK(read_signer_info(fields, out));
    return out;
}

/// The content of the message-digest among the attributes, and nothing else about them.
Result<BytesView> message_digest(BytesView attributes) {
    der::Reader outer(attributes);
    KAIGONG_TRY(list, outer.enter(der::constructed(0)));
    while (!list.empty()) {
        KAIGONG_TRY(attribute, list.sequence());
        KAIGONG_TRY(type, attribute.oid());
        if (type != cms_oid::kMessageDigest) continue;
        KAIGONG_TRY(values, attribute.enter(der::kSet));
        return values.octet_string();
    }
    return malformed();
}

/// `named` is the digest that the attributes name.
Result<void> judge_signature(const Parts& parts, const Digest& named, JudgedCades& out) {
    const auto is_signer = [&](const Certificate& c) { return same(issuer_and_serial(c), parts.signer_id); };
    const auto signer = std::ranges::find_if(parts.certificates, is_signer);
    if (signer == parts.certificates.end()) return wrong();
    CadesSignature& result = out.signature;
    result.signer = *signer;
    result.algorithm = parts.rsa ? SignatureAlgorithm::rsa_sha256 : SignatureAlgorithm::ecdsa_p256_sha256;
    // The attributes are rebuilt rather than read: exactly the profile, and the certificate that was meant.
    const Bytes expected = signed_attributes(cms_oid::kData, named, *signer);
    out.signature_holds = same(der::retagged(der::kSet, parts.attributes), expected) &&
                          verify_signature(signer->public_key_info, result.algorithm, expected, parts.signature);
    for (const Certificate& certificate : parts.certificates) {
        if (certificate != *signer) result.chain.push_back(certificate);
    }
    result.signature_value.assign(parts.signature.begin(), parts.signature.end());
    result.timestamp_token.assign(parts.token.begin(), parts.token.end());
    return {};
}

}  // namespace

Result<Bytes> sign_cades(const Digest& content_digest, const Signer& signer, std::span<const Certificate> chain,
                         const TimestampSource& stamp) {
    SignedDataParts parts;
    parts.content_digest = content_digest;
    parts.chain = chain;
    if (stamp) {
        parts.unsigned_attributes = [&](BytesView signature) -> Result<std::vector<Bytes>> {
            KAIGONG_TRY(token, stamp(sha256(signature)));
            return std::vector<Bytes>{cms_attribute(cms_oid::kSignatureTimestamp, token)};
        };
    }
    return write_signed_data(parts, signer);
}

std::size_t cades_bytes_max(std::span<const Certificate> chain, std::size_t timestamp_bytes_max) {
    // Signature (RSA up to 8192 bits), attributes and the frame fit in two kilobytes; the issuer's name is in a third
    // time.
    std::size_t bytes = 2048 + timestamp_bytes_max;
    for (const Certificate& certificate : chain) bytes += certificate.der.size();
    return chain.empty() ? bytes : bytes + chain[0].issuer.size();
}

Result<JudgedCades> judge_cades(BytesView cms, const Digest& content_digest) {
    if (cms.size() > kCadesBytesMax) return malformed();
    const auto parts = take_apart(cms);
    if (!parts) return malformed();
    const auto digest = message_digest(parts->attributes);
    Digest named{};
    if (!digest || digest->size() != named.size()) return malformed();
    std::ranges::copy(*digest, named.begin());
    JudgedCades result;
    result.content_fits = named == content_digest;
    KAIGONG_CHECK(judge_signature(*parts, named, result));
    return result;
}

Result<CadesSignature> verify_cades(BytesView cms, const Digest& content_digest) {
    KAIGONG_TRY(judged, judge_cades(cms, content_digest));
    if (!judged.content_fits) {
        return error(Errc::invalid_input, "crypto.cms_digest_differs",
                     "文件内容与签名时不同，已被改动，请重新下载原始文件。");
    }
    if (!judged.signature_holds) return wrong();
    CadesSignature& result = judged.signature;
    if (!result.timestamp_token.empty()) {
        KAIGONG_TRY(timestamp, read_timestamp(result.timestamp_token, sha256(result.signature_value)));
        result.timestamp = std::move(timestamp);
    }
    return std::move(result);
}

Result<std::vector<Certificate>> verify_cades_signer(const CadesSignature& signature,
                                                     std::span<const Certificate> roots, std::int64_t at_ms) {
    KAIGONG_TRY(path, verify_chain(signature.signer, signature.chain, roots, at_ms));
    const auto on_path = [&](const Certificate& c) { return std::ranges::find(path, c) != path.end(); };
    if (!std::ranges::all_of(signature.chain, on_path)) return wrong();
    return std::move(path);
}

Result<std::size_t> cades_length(BytesView padded) {
    der::Reader reader(padded);
    const auto element = reader.next(der::kSequence);
    if (!element) return malformed();
    const BytesView padding = padded.subspan(element->whole.size());
    if (std::ranges::any_of(padding, [](std::uint8_t byte) { return byte != 0; })) return malformed();
    return element->whole.size();
}

}  // namespace kaigong::crypto
