#include "crypto/testing/timestamp_authority.hpp"

#include "crypto/der.hpp"
#include "crypto/signed_data.hpp"
#include "crypto/testing/authority.hpp"

#include <array>

namespace kaigong::crypto::testing {
namespace {

constexpr std::string_view kPolicy = "1.3.6.1.4.1.99999.1";

/// imprint and nonce as they stand in the request.
struct Asked {
    Bytes imprint;
    Bytes nonce;
};

Result<Asked> read_request(BytesView request) {
    Asked asked;
    der::Reader outer(request);
    KAIGONG_TRY(fields, outer.sequence());
    KAIGONG_TRY(version, fields.integer());
    KAIGONG_TRY(imprint, fields.next(der::kSequence));
    der::Reader inside(imprint.content);
    KAIGONG_TRY(algorithm, inside.sequence());
    KAIGONG_TRY(hash, algorithm.oid());
    if (version != 1 || hash != cms_oid::kSha256) {
        return error(Errc::invalid_input, "crypto.timestamp_request_unfit", "只受理 SHA-256 的时间戳请求。");
    }
    asked.imprint.assign(imprint.whole.begin(), imprint.whole.end());
    KAIGONG_TRY(nonce, fields.next(der::kInteger));
    asked.nonce.assign(nonce.whole.begin(), nonce.whole.end());
    return asked;
}

Bytes refusal() {
    const Bytes words = der::sequence({der::utf8_string("unsupported hash")});
    // badAlg is bit 0 of PKIFailureInfo.
    const Bytes bad_algorithm{der::kBitString, 2, 7, 0x80};
    return der::sequence({der::sequence({der::integer(2), words, bad_algorithm})});
}

}  // namespace

TimestampAuthority::TimestampAuthority()
    : root_key_(new_signer(SignatureAlgorithm::ecdsa_p256_sha256)),
      root_(make_root_certificate(wanted("示例时间戳根证书", 20, true), *root_key_).value()),
      key_(new_signer(SignatureAlgorithm::ecdsa_p256_sha256)) {
    NewCertificate request = wanted("示例时间戳服务", 21, false);
    request.time_stamping = true;
    certificate_ = make_certificate(request, key_->public_key_info(), root_, *root_key_).value();
}

Bytes TimestampAuthority::answer(BytesView request, std::int64_t at_ms) const {
    const auto asked = read_request(request);
    if (!asked) return refusal();
    const Bytes info = der::sequence({der::integer(1), der::oid(kPolicy), asked->imprint, der::integer(7),
                                      der::generalized_time(at_ms), asked->nonce});
    SignedDataParts parts;
    parts.content_type = cms_oid::kTimestampInfo;
    parts.content = info;
    parts.content_digest = sha256(info);
    const std::array chain{certificate_};
    parts.chain = chain;
    const Bytes token = write_signed_data(parts, *key_).value();
    return der::sequence({der::sequence({der::integer(0)}), token});
}

TimestampSource TimestampAuthority::source(std::int64_t at_ms) const {
    return [this, at_ms](const Digest& imprint) {
        const Bytes nonce(16, 0x5A);
        return read_timestamp_response(answer(timestamp_request(imprint, nonce), at_ms), imprint, nonce);
    };
}

}  // namespace kaigong::crypto::testing
