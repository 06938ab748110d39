// What can be known of keys, certificates and seals before anything irrevocable is done for a signature by them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "crypto/seal.hpp"
#include "modules/certificates/certificates.hpp"

namespace kaigong::certificates {
namespace {

using crypto::Certificate;
using crypto::SignatureAlgorithm;

/// One of the two keys, and how the files are called that hold it.
struct Pair {
    const char* name;
    const char* called;
    SignatureAlgorithm algorithm;
    const std::shared_ptr<const crypto::Signer>& key;
    const std::vector<Certificate>& chain;
    const std::vector<Certificate>& roots;
};

std::array<Pair, 2> pairs_of(const SigningKeys& keys) {
    return {Pair{"document", "证照签名", SignatureAlgorithm::ecdsa_p256_sha256, keys.document, keys.document_chain,
                 keys.document_roots},
            Pair{"seal", "电子印章签名", SignatureAlgorithm::sm2_sm3, keys.seal, keys.seal_chain, keys.seal_roots}};
}

/// Keys, certificates and seals are read at the start alone, so that is what mends it.
Error unfit(Errc code, const char* reason, const std::string& what) {
    return error(code, reason, what + "请管理员更换后重启服务，再由科室负责人重试。");
}

/// What no passing of time brings about.
Result<void> check_pair(const Pair& pair) {
    if (pair.chain.empty() || pair.key == nullptr || pair.key->algorithm() != pair.algorithm) {
        return unfit(
            Errc::conflict, "certificates.signing_key_unfit",
            fmt::format("{}的密钥（{}）不能用：证照签名要 P-256 密钥，电子印章要 SM2 密钥。", pair.called, pair.name));
    }
    if (pair.chain.front().public_key_info == pair.key->public_key_info()) return {};
    return unfit(Errc::conflict, "certificates.signing_key_differs",
                 fmt::format("{}的密钥和 {}.chain.pem 的第一张证书不是一对。", pair.called, pair.name));
}

Result<void> check_chain(const Pair& pair, std::int64_t now_ms) {
    const std::span<const Certificate> issuers(pair.chain.begin() + 1, pair.chain.end());
    const auto path = crypto::verify_chain(pair.chain.front(), issuers, pair.roots, now_ms);
    if (path) return {};
    const auto& own = pair.chain.front();
    if (path.error().reason == "crypto.certificate_expired") {
        return unfit(
            Errc::precondition_failed, "certificates.signing_certificate_expired",
            fmt::format("{}的证书（{}.chain.pem）不在有效期内，签出的证照谁都不认；其中签章人的证书有效期为 {} 至 {}。",
                        pair.called, pair.name, to_string(office_date(own.not_before_ms)),
                        to_string(office_date(own.not_after_ms))));
    }
    return unfit(Errc::conflict, "certificates.signing_certificate_unfit",
                 fmt::format("{}的证书（{}.chain.pem）核验不过：{}", pair.called, pair.name, path.error().message));
}

Result<void> check_seal(const SigningKeys& keys, const std::string& issuer_code, std::int64_t now_ms) {
    const auto found = keys.seals.find(issuer_code);
    if (found == keys.seals.end()) {
        return error(Errc::precondition_failed, "certificates.seal_missing",
                     "没有发证机关（" + issuer_code +
                         "）的电子印章。请管理员把印章文件放进签章文件夹的 seals，重启服务，再由科室负责人重试。");
    }
    const auto file = "seals/" + issuer_code + ".esl ";
    const auto seal = crypto::read_seal(found->second);
    if (!seal) {
        return unfit(Errc::precondition_failed, "certificates.seal_broken", "电子印章 " + file + "已损坏。");
    }
    if (!seal->lists(keys.seal_chain.front())) {
        return unfit(Errc::precondition_failed, "certificates.seal_signer_not_listed",
                     "电子印章 " + file + "的签章人名单里没有 seal.chain.pem 的证书。");
    }
    const std::span<const Certificate> issuers(keys.seal_chain.begin() + 1, keys.seal_chain.end());
    if (!crypto::verify_chain(seal->maker, issuers, keys.seal_roots, seal->created_at_ms)) {
        return unfit(Errc::precondition_failed, "certificates.seal_maker_unknown",
                     "电子印章 " + file + "的制章人不是 seal.roots.pem 里的根证书签发的，或制章时证书不在有效期内。");
    }
    if (seal->valid_from_ms <= now_ms && now_ms <= seal->valid_until_ms) return {};
    return unfit(
        Errc::precondition_failed, "certificates.seal_expired",
        fmt::format("电子印章 {}的有效期为 {} 至 {}，现在不能用。", file, to_string(office_date(seal->valid_from_ms)),
                    to_string(office_date(seal->valid_until_ms))));
}

std::int64_t end_of(const std::vector<Certificate>& chain) {
    auto end = std::numeric_limits<std::int64_t>::max();
    for (const auto& one : chain) end = std::min(end, one.not_after_ms);
    return end;
}

}  // namespace

Result<void> check_signing(const SigningKeys& keys, std::span<const std::string> issuer_codes, std::int64_t now_ms) {
    for (const auto& pair : pairs_of(keys)) KAIGONG_CHECK(check_pair(pair));
    for (const auto& pair : pairs_of(keys)) KAIGONG_CHECK(check_chain(pair, now_ms));
    for (const auto& code : issuer_codes) KAIGONG_CHECK(check_seal(keys, code, now_ms));
    return {};
}

SigningEnds signing_ends(const SigningKeys& keys) {
    SigningEnds ends{end_of(keys.document_chain), end_of(keys.seal_chain), std::numeric_limits<std::int64_t>::max()};
    for (const auto& [code, der] : keys.seals) {
        const auto seal = crypto::read_seal(der);
        if (seal) ends.seals_ms = std::min(ends.seals_ms, seal->valid_until_ms);
    }
    return ends;
}

}  // namespace kaigong::certificates
