// A small authority for tests: a root, an issuing authority under it and signers under that, all of one algorithm.
#pragma once

#include "crypto/x509.hpp"

#include <map>
#include <memory>
#include <string>

namespace kaigong::crypto::testing {

/// 2026-01-01 and 2046-01-01, UTC.
inline constexpr std::int64_t kValidFromMs = 1'767'225'600'000;
inline constexpr std::int64_t kValidUntilMs = 2'398'377'600'000;
inline constexpr std::int64_t kInsideMs = 1'780'315'200'000;  // 2026-06-01T12:00:00Z

struct Identity {
    std::unique_ptr<Signer> key;
    Certificate certificate;
};

inline NewCertificate wanted(const std::string& common_name, std::uint8_t serial, bool is_ca) {
    NewCertificate result;
    result.subject = {.common_name = common_name, .organisation = "示例市住房和城乡建设局"};
    result.serial = {0x4B, serial};
    result.not_before_ms = kValidFromMs;
    result.not_after_ms = kValidUntilMs;
    result.is_ca = is_ca;
    return result;
}

class Authority {
  public:
    explicit Authority(SignatureAlgorithm algorithm) : algorithm_(algorithm) {
        root_.key = new_signer(algorithm);
        root_.certificate = make_root_certificate(wanted("示例根证书", 1, true), *root_.key).value();
        issuer_.key = new_signer(algorithm);
        issuer_.certificate = make_certificate(wanted("示例签发证书", 2, true), issuer_.key->public_key_info(),
                                               root_.certificate, *root_.key)
                                  .value();
    }

    const Certificate& root() const { return root_.certificate; }
    const Certificate& issuer() const { return issuer_.certificate; }
    const Signer& root_key() const { return *root_.key; }
    const Signer& issuer_key() const { return *issuer_.key; }

    Certificate certify(const NewCertificate& request, const Signer& key) const {
        return make_certificate(request, key.public_key_info(), issuer_.certificate, *issuer_.key).value();
    }

    Identity identity(const NewCertificate& request) const {
        auto key = new_signer(algorithm_);
        Certificate certificate = certify(request, *key);
        return {std::move(key), std::move(certificate)};
    }

    Identity identity(const std::string& common_name, std::uint8_t serial = 3) const {
        return identity(wanted(common_name, serial, false));
    }

  private:
    SignatureAlgorithm algorithm_;
    Identity root_;
    Identity issuer_;
};

/// One of each algorithm for the whole program: keys of RSA take long to make.
inline const Authority& shared_authority(SignatureAlgorithm algorithm) {
    static std::map<SignatureAlgorithm, Authority> authorities;
    return authorities.try_emplace(algorithm, algorithm).first->second;
}

}  // namespace kaigong::crypto::testing
