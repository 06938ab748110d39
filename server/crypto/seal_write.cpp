// Writing of seal.hpp.
#include "crypto/der.hpp"
#include "crypto/seal.hpp"

#include <algorithm>

namespace kaigong::crypto {
namespace {

constexpr std::int64_t kVersion = 4;
constexpr std::size_t kTextMax = 64;

Error unfit(std::string message) {
    return error(Errc::invalid_input, "crypto.seal_unfit", std::move(message));
}

bool ia5(std::string_view text) {
    return !text.empty() && text.size() <= kTextMax &&
           std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

Result<void> check_pair(const Certificate& certificate, const Signer& key) {
    if (key.algorithm() != SignatureAlgorithm::sm2_sm3 || certificate.public_key_info != key.public_key_info()) {
        return unfit("电子印章须用 SM2 密钥及其证书，请核对密钥与证书。");
    }
    return {};
}

Result<void> check(const NewSeal& wanted) {
    if (!ia5(wanted.vendor) || !ia5(wanted.seal_id) || !ia5(wanted.picture.type) || wanted.name.empty()) {
        return unfit("印章的厂商、编码、图片类型须为 1 至 64 个英文字符，名称不能为空，请补充。");
    }
    if (wanted.picture.bytes.empty() || wanted.picture.width_mm <= 0 || wanted.picture.height_mm <= 0) {
        return unfit("印章图片及其尺寸（毫米）不能为空，请补充。");
    }
    if (wanted.signers.empty() || wanted.valid_from_ms >= wanted.valid_until_ms) {
        return unfit("印章须有至少一名签章人，且有效期的起始须早于截止，请改正。");
    }
    return {};
}

Bytes signer_list(const NewSeal& wanted) {
    std::vector<Bytes> members;
    for (const Certificate& signer : wanted.signers) {
        if (wanted.list == SealList::certificates) {
            members.push_back(der::octet_string(signer.der));
        } else {
            members.push_back(der::sequence({der::printable_string("SM3"), der::octet_string(sm3(signer.der))}));
        }
    }
    return der::sequence(members);
}

Bytes seal_info(const NewSeal& wanted) {
    const Bytes header = der::sequence({der::ia5_string("ES"), der::integer(kVersion), der::ia5_string(wanted.vendor)});
    const Bytes property = der::sequence(
        {der::integer(wanted.type), der::utf8_string(wanted.name), der::integer(static_cast<std::int64_t>(wanted.list)),
         signer_list(wanted), der::generalized_time(wanted.created_at_ms), der::generalized_time(wanted.valid_from_ms),
         der::generalized_time(wanted.valid_until_ms)});
    const SealPicture& picture = wanted.picture;
    return der::sequence({header, der::ia5_string(wanted.seal_id), property,
                          der::sequence({der::ia5_string(picture.type), der::octet_string(picture.bytes),
                                         der::integer(picture.width_mm), der::integer(picture.height_mm)})});
}

Bytes algorithm() {
    return der::oid(identifier_of(SignatureAlgorithm::sm2_sm3));
}

Result<void> check_use(const Seal& seal, const Sealing& sealing, const Certificate& certificate) {
    if (!seal.lists(certificate)) {
        return error(Errc::forbidden, "crypto.seal_signer_not_listed",
                     "该证书不在印章的签章人名单中，请换用名单中的证书或重新制章。");
    }
    if (sealing.at_ms < seal.valid_from_ms || sealing.at_ms > seal.valid_until_ms) {
        return error(Errc::precondition_failed, "crypto.seal_expired", "印章不在有效期内，请重新制章后再签。");
    }
    return {};
}

}  // namespace

Result<Bytes> make_seal(const NewSeal& wanted, const Certificate& maker, const Signer& maker_key) {
    KAIGONG_CHECK(check(wanted));
    KAIGONG_CHECK(check_pair(maker, maker_key));
    const Bytes info = seal_info(wanted);
    KAIGONG_TRY(signature, maker_key.sign(info));
    return der::sequence({info, der::octet_string(maker.der), algorithm(), der::bit_string(signature)});
}

Result<Bytes> sign_with_seal(const Sealing& sealing, const Certificate& certificate, const Signer& signer,
                             const TimestampSource& stamp) {
    KAIGONG_CHECK(check_pair(certificate, signer));
    KAIGONG_TRY(seal, read_seal(sealing.seal));
    KAIGONG_CHECK(check_use(seal, sealing, certificate));
    const Bytes to_sign = der::sequence({der::integer(kVersion), sealing.seal, der::generalized_time(sealing.at_ms),
                                         der::bit_string(sealing.content_digest), der::ia5_string(sealing.property)});
    KAIGONG_TRY(signature, signer.sign(to_sign));
    std::vector<Bytes> fields{to_sign, der::octet_string(certificate.der), algorithm(), der::bit_string(signature)};
    if (stamp) {
        KAIGONG_TRY(token, stamp(sha256(signature)));
        fields.push_back(der::explicitly(0, der::bit_string(token)));
    }
    return der::sequence(fields);
}

}  // namespace kaigong::crypto
