// Reading and judging of seal.hpp.
#include "crypto/der.hpp"
#include "crypto/seal.hpp"

#include <algorithm>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kSignersMax = 256;

Error malformed() {
    return error(Errc::invalid_input, "crypto.seal_malformed",
                 "电子印章的结构无法识别，文件可能已损坏，请重新下载原始文件。");
}

Error failed(std::string reason, std::string message) {
    return error(Errc::invalid_input, std::move(reason), std::move(message));
}

Bytes copy(BytesView bytes) {
    return {bytes.begin(), bytes.end()};
}

/// SEQUENCE OF certificates, or of { type, digest }.
Result<void> read_list(der::Reader& fields, Seal& out) {
    KAIGONG_TRY(list, fields.sequence());
    while (!list.empty()) {
        if (out.signers.size() == kSignersMax) return malformed();
        if (out.list == SealList::certificates) {
            KAIGONG_TRY(certificate, list.octet_string());
            out.signers.push_back(copy(certificate));
            continue;
        }
        KAIGONG_TRY(member, list.sequence());
        KAIGONG_TRY(type, member.next());
        (void)type;
        KAIGONG_TRY(digest, member.octet_string());
        KAIGONG_CHECK(member.finish());
        out.signers.push_back(copy(digest));
    }
    return {};
}

Result<void> read_property(der::Reader& fields, Seal& out) {
    KAIGONG_TRY(property, fields.sequence());
    KAIGONG_TRY(type, property.integer());
    KAIGONG_TRY(name, property.text());
    KAIGONG_TRY(list, property.integer());
    if (list != 1 && list != 2) return malformed();
    out.type = type;
    out.name = name;
    out.list = static_cast<SealList>(list);
    KAIGONG_CHECK(read_list(property, out));
    KAIGONG_TRY(created_at_ms, property.time());
    KAIGONG_TRY(valid_from_ms, property.time());
    KAIGONG_TRY(valid_until_ms, property.time());
    out.created_at_ms = created_at_ms;
    out.valid_from_ms = valid_from_ms;
    out.valid_until_ms = valid_until_ms;
    return property.finish();
}

Result<void> read_picture(der::Reader& fields, Seal& out) {
    KAIGONG_TRY(picture, fields.sequence());
    KAIGONG_TRY(type, picture.text());
    KAIGONG_TRY(bytes, picture.octet_string());
    KAIGONG_TRY(width_mm, picture.integer());
    KAIGONG_TRY(height_mm, picture.integer());
    out.picture = {.type = type, .bytes = copy(bytes), .width_mm = width_mm, .height_mm = height_mm};
    return picture.finish();
}

/// Extensions stand bare in real seals and under [0] in the standard's text; either is signed and passed over.
Result<void> skip_extensions(der::Reader& fields) {
    if (fields.at(der::kSequence) || fields.at(der::constructed(0))) KAIGONG_CHECK(fields.next());
    return fields.finish();
}

Result<void> read_info(der::Reader fields, Seal& out) {
    KAIGONG_TRY(header, fields.sequence());
    KAIGONG_TRY(kind, header.text());
    KAIGONG_TRY(version, header.integer());
    KAIGONG_TRY(vendor, header.text());
    KAIGONG_CHECK(header.finish());
    if (kind != "ES" || version != 4) return malformed();
    out.version = version;
    out.vendor = vendor;
    KAIGONG_TRY(seal_id, fields.text());
    out.seal_id = seal_id;
    KAIGONG_CHECK(read_property(fields, out));
    KAIGONG_CHECK(read_picture(fields, out));
    return skip_extensions(fields);
}

/// The end that seals and signatures share: certificate, algorithm, signature.
struct Signed {
    Certificate certificate;
    BytesView signature;
};

Result<Signed> read_signed(der::Reader& fields) {
    Signed out;
    KAIGONG_TRY(certificate_der, fields.octet_string());
    KAIGONG_TRY(certificate, read_certificate(certificate_der));
    out.certificate = std::move(certificate);
    KAIGONG_TRY(algorithm, fields.oid());
    if (algorithm != identifier_of(SignatureAlgorithm::sm2_sm3)) return malformed();
    KAIGONG_TRY(signature, fields.bit_string());
    out.signature = signature;
    return out;
}

/// A seal taken apart, and what its maker signed.
struct ReadSeal {
    Seal seal;
    BytesView info;
    BytesView signature;
};

Result<ReadSeal> take_apart(BytesView bytes) {
    ReadSeal out;
    KAIGONG_TRY(whole, der::single(bytes));
    der::Reader outer(whole.whole);
    KAIGONG_TRY(fields, outer.sequence());
    der::Reader at_info = fields;
    KAIGONG_TRY(info, fields.next(der::kSequence));
    out.info = info.whole;
    KAIGONG_TRY(info_fields, at_info.sequence());
    KAIGONG_CHECK(read_info(info_fields, out.seal));
    KAIGONG_TRY(end, read_signed(fields));
    KAIGONG_CHECK(fields.finish());
    out.seal.maker = end.certificate;
    out.signature = end.signature;
    out.seal.der = copy(bytes);
    return out;
}

bool right(const Certificate& certificate, BytesView message, BytesView signature) {
    return verify_signature(certificate.public_key_info, SignatureAlgorithm::sm2_sm3, message, signature);
}

bool whole(const ReadSeal& read) {
    return right(read.seal.maker, read.info, read.signature);
}

Error broken() {
    return failed("crypto.seal_broken", "电子印章的制章签名无效，印章不可信，请重新下载原始文件。");
}

struct ReadSignature {
    SealSignature result;
    ReadSeal seal;
    BytesView to_sign;
    BytesView signature;
};

Result<void> read_to_sign(der::Reader fields, ReadSignature& out) {
    KAIGONG_TRY(version, fields.integer());
    if (version != 4) return malformed();
    KAIGONG_TRY(seal_der, fields.next(der::kSequence));
    KAIGONG_TRY(seal, take_apart(seal_der.whole));
    out.seal = std::move(seal);
    KAIGONG_TRY(at_ms, fields.time());
    out.result.at_ms = at_ms;
    KAIGONG_TRY(digest, fields.bit_string());
    if (digest.size() != out.result.content_digest.size()) return malformed();
    std::ranges::copy(digest, out.result.content_digest.begin());
    KAIGONG_TRY(property, fields.text());
    out.result.property = property;
    return skip_extensions(fields);
}

Result<void> read_stamp(der::Reader& fields, ReadSignature& out) {
    if (fields.empty()) return {};
    KAIGONG_TRY(wrapper, fields.enter(der::constructed(0)));
    KAIGONG_TRY(token, wrapper.bit_string());
    out.result.timestamp_token = copy(token);
    KAIGONG_CHECK(wrapper.finish());
    return fields.finish();
}

Result<ReadSignature> take_signature_apart(BytesView bytes) {
    ReadSignature out;
    KAIGONG_TRY(whole, der::single(bytes));
    der::Reader outer(whole.whole);
    KAIGONG_TRY(fields, outer.sequence());
    der::Reader at_to_sign = fields;
    KAIGONG_TRY(to_sign, fields.next(der::kSequence));
    out.to_sign = to_sign.whole;
    KAIGONG_TRY(to_sign_fields, at_to_sign.sequence());
    KAIGONG_CHECK(read_to_sign(to_sign_fields, out));
    KAIGONG_TRY(end, read_signed(fields));
    out.result.signer = end.certificate;
    out.signature = end.signature;
    out.result.signature_value = copy(end.signature);
    KAIGONG_CHECK(read_stamp(fields, out));
    return out;
}

}  // namespace

bool Seal::lists(const Certificate& certificate) const {
    if (list == SealList::certificates) return std::ranges::find(signers, certificate.der) != signers.end();
    const Digest digest = sm3(certificate.der);
    return std::ranges::any_of(signers, [&](const Bytes& listed) { return std::ranges::equal(listed, digest); });
}

Result<Seal> read_seal(BytesView bytes) {
    if (bytes.size() > kSealBytesMax) return malformed();
    auto read = take_apart(bytes);
    if (!read) return malformed();
    if (!whole(*read)) return broken();
    return std::move(read->seal);
}

Result<JudgedSeal> judge_seal_signature(BytesView bytes, const Digest& content_digest) {
    if (bytes.size() > kSealBytesMax) return malformed();
    auto read = take_signature_apart(bytes);
    if (!read) return malformed();
    JudgedSeal judged;
    judged.content_fits = read->result.content_digest == content_digest;
    judged.signature_holds = right(read->result.signer, read->to_sign, read->signature);
    judged.seal_whole = whole(read->seal);
    judged.signature = std::move(read->result);
    SealSignature& result = judged.signature;
    result.seal = std::move(read->seal.seal);
    judged.signer_listed = result.seal.lists(result.signer);
    judged.valid_then = result.seal.valid_from_ms <= result.at_ms && result.at_ms <= result.seal.valid_until_ms;
    return judged;
}

Result<SealSignature> verify_seal_signature(BytesView bytes, const Digest& content_digest) {
    KAIGONG_TRY(judged, judge_seal_signature(bytes, content_digest));
    if (!judged.content_fits) {
        return failed("crypto.seal_content_differs", "文件内容与签章时不同，已被改动，请重新下载原始文件。");
    }
    if (!judged.signature_holds) {
        return failed("crypto.seal_signature_wrong", "电子签章的签名无效，文件不可信，请重新下载原始文件。");
    }
    if (!judged.seal_whole) return broken();
    if (!judged.signer_listed) {
        return failed("crypto.seal_signer_not_listed",
                      "签章人不在印章的签章人名单中，文件不可信，请联系发证机关核实。");
    }
    if (!judged.valid_then) {
        return failed("crypto.seal_expired", "签章时印章不在有效期内，请联系发证机关核实。");
    }
    return std::move(judged.signature);
}

}  // namespace kaigong::crypto
