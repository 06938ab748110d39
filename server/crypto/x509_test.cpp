#include "crypto/x509.hpp"

#include "crypto/der.hpp"
#include "crypto/random.hpp"
#include "crypto/testing/authority.hpp"

#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace kaigong::crypto;
using namespace kaigong::crypto::testing;

namespace {

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

constexpr std::int64_t kDayMs = 86'400'000;

/// The same certificate, its keyUsage turned into name constraints: critical, and not judged here.
Certificate with_unknown_critical(const Certificate& certificate, const Signer& issuer_key) {
    Bytes to_be_signed = certificate.to_be_signed;
    const Bytes usage = der::oid("2.5.29.15");
    const auto found = std::ranges::search(to_be_signed, usage);
    REQUIRE_FALSE(found.empty());
    *(found.end() - 1) = 30;
    const Bytes algorithm = der::sequence({der::oid(certificate.signature_identifier)});
    const Bytes signature = issuer_key.sign(to_be_signed).value();
    return read_certificate(der::sequence({to_be_signed, algorithm, der::bit_string(signature)})).value();
}

}  // namespace

TEST_CASE("a certificate says what was asked for") {
    const Authority authority(SignatureAlgorithm::ecdsa_p256_sha256);
    const Identity signer = authority.identity("建筑工程施工许可专用章");
    const Certificate& certificate = signer.certificate;
    CHECK(certificate.subject_common_name == "建筑工程施工许可专用章");
    CHECK(certificate.subject_organisation == "示例市住房和城乡建设局");
    CHECK(certificate.issuer_common_name == "示例签发证书");
    CHECK(certificate.issuer == authority.issuer().subject);
    CHECK(certificate.serial_hex == "4b03");
    CHECK(certificate.not_before_ms == kValidFromMs);
    CHECK(certificate.not_after_ms == kValidUntilMs + 999);
    CHECK(certificate.public_key_info == signer.key->public_key_info());
    CHECK_FALSE(certificate.is_ca);
    CHECK(certificate.key_usage.value() == (key_usage::kDigitalSignature | key_usage::kNonRepudiation));
    CHECK(authority.root().is_ca);
    CHECK(authority.root().subject == authority.root().issuer);
}

TEST_CASE("PEM gives the same certificates back, in their order") {
    const Authority authority(SignatureAlgorithm::ed25519);
    const std::string pem = "a chain\n" + to_pem(authority.issuer()) + "and its root\n" + to_pem(authority.root());
    CHECK(read_certificates_pem(pem).value() == std::vector{authority.issuer(), authority.root()});
    CHECK(reason_of(read_certificates_pem("")) == "crypto.certificate_malformed");
    CHECK(reason_of(read_certificates_pem(pem.substr(0, 200))) == "crypto.certificate_malformed");
}

TEST_CASE("a chain leads to a trusted root for every algorithm, and to no other root") {
    for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::rsa_sha256,
                                               SignatureAlgorithm::sm2_sm3, SignatureAlgorithm::ed25519}) {
        CAPTURE(to_string(algorithm));
        const Authority& authority = shared_authority(algorithm);
        const Authority stranger(SignatureAlgorithm::ecdsa_p256_sha256);
        const Certificate leaf = authority.identity("签章人").certificate;
        const std::vector roots{authority.root()};
        const std::vector others{stranger.root()};
        // Anything may lie between, in any order.
        const std::vector between{stranger.issuer(), leaf, authority.root(), authority.issuer()};
        const auto chain = verify_chain(leaf, between, roots, kInsideMs);
        REQUIRE_MESSAGE(chain.has_value(), reason_of(chain));
        CHECK(*chain == std::vector{leaf, authority.issuer(), authority.root()});
        CHECK(reason_of(verify_chain(leaf, between, others, kInsideMs)) == "crypto.certificate_unknown");
        CHECK(reason_of(verify_chain(leaf, {}, roots, kInsideMs)) == "crypto.certificate_unknown");
        CHECK(reason_of(verify_chain(leaf, between, {}, kInsideMs)) == "crypto.certificate_unknown");
    }
}

TEST_CASE("a chain is judged at the time that is asked about") {
    const Authority authority(SignatureAlgorithm::ecdsa_p256_sha256);
    auto request = wanted("一年期签章人", 9, false);
    request.not_after_ms = kValidFromMs + 365 * kDayMs;
    const Certificate leaf = authority.identity(request).certificate;
    const std::vector between{authority.issuer()};
    const std::vector roots{authority.root()};
    CHECK(verify_chain(leaf, between, roots, kValidFromMs).has_value());
    CHECK(verify_chain(leaf, between, roots, request.not_after_ms).has_value());
    CHECK(reason_of(verify_chain(leaf, between, roots, kValidFromMs - 1)) == "crypto.certificate_expired");
    CHECK(reason_of(verify_chain(leaf, between, roots, request.not_after_ms + 1000)) == "crypto.certificate_expired");
    CHECK(reason_of(verify_chain(leaf, between, roots, kValidUntilMs + kDayMs)) == "crypto.certificate_expired");
}

TEST_CASE("who is no authority issues nothing, and an authority not more than it may") {
    const Authority authority(SignatureAlgorithm::ecdsa_p256_sha256);
    const std::vector roots{authority.root()};
    const Identity signer = authority.identity("签章人");
    const auto key = new_signer(SignatureAlgorithm::ecdsa_p256_sha256);
    const Certificate below =
        make_certificate(wanted("冒用者", 4, false), key->public_key_info(), signer.certificate, *signer.key).value();
    const std::vector between{signer.certificate, authority.issuer()};
    CHECK(reason_of(verify_chain(below, between, roots, kInsideMs)) == "crypto.certificate_unknown");

    auto pretender = wanted("冒充的签发者", 10, false);
    pretender.key_usage = key_usage::kCertificateSign | key_usage::kDigitalSignature;
    const Identity pretended = authority.identity(pretender);
    const Certificate under_it =
        make_certificate(wanted("冒用者", 4, false), key->public_key_info(), pretended.certificate, *pretended.key)
            .value();
    const std::vector through_it{pretended.certificate, authority.issuer()};
    CHECK(verify_chain(pretended.certificate, through_it, roots, kInsideMs).has_value());
    CHECK(reason_of(verify_chain(under_it, through_it, roots, kInsideMs)) == "crypto.certificate_unknown");

    auto narrow = wanted("末级签发证书", 5, true);
    narrow.path_length_max = 0;
    const Identity last = authority.identity(narrow);
    const Identity sub{new_signer(SignatureAlgorithm::ecdsa_p256_sha256), {}};
    const Certificate sub_authority =
        make_certificate(wanted("再下级", 6, true), sub.key->public_key_info(), last.certificate, *last.key).value();
    const Certificate leaf =
        make_certificate(wanted("签章人", 7, false), key->public_key_info(), sub_authority, *sub.key).value();
    const std::vector deep{sub_authority, last.certificate, authority.issuer()};
    CHECK(reason_of(verify_chain(leaf, deep, roots, kInsideMs)) == "crypto.certificate_unknown");

    auto for_keys = wanted("加密证书", 8, false);
    for_keys.key_usage = 1U << 2U;
    CHECK(reason_of(verify_chain(authority.identity(for_keys).certificate, deep, roots, kInsideMs)) ==
          "crypto.certificate_not_for_signing");
}

TEST_CASE("a critical extension that is not judged here stops the chain, in the leaf and above it") {
    const Authority authority(SignatureAlgorithm::ecdsa_p256_sha256);
    const std::array roots{authority.root()};
    const Certificate leaf = authority.identity("签章人").certificate;
    const std::array between{authority.issuer()};
    const std::array constrained{with_unknown_critical(authority.issuer(), authority.root_key())};
    REQUIRE(verify_chain(leaf, between, roots, kInsideMs).has_value());
    CHECK(reason_of(verify_chain(leaf, constrained, roots, kInsideMs)) == "crypto.certificate_unknown");
    const Certificate strange = with_unknown_critical(leaf, authority.issuer_key());
    CHECK(strange.unknown_critical == std::vector<std::string>{"2.5.29.30"});
    CHECK(reason_of(verify_chain(strange, between, roots, kInsideMs)) == "crypto.certificate_unknown");
}

TEST_CASE("a key that is held to other purposes is not for documents") {
    const auto& authority = shared_authority(SignatureAlgorithm::ecdsa_p256_sha256);
    auto certificate = authority.identity("签名").certificate;
    CHECK(is_for_documents(certificate));
    auto request = wanted("时间戳", 9, false);
    request.time_stamping = true;
    CHECK_FALSE(is_for_documents(authority.identity(request).certificate));
    for (const char* purpose : {"2.5.29.37.0", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12",
                                "1.2.840.113583.1.1.5"}) {
        certificate.extended_key_usage = {"1.3.6.1.5.5.7.3.2", purpose};
        CHECK(is_for_documents(certificate));
    }
    certificate.extended_key_usage = {"1.3.6.1.5.5.7.3.2"};
    CHECK_FALSE(is_for_documents(certificate));
}

TEST_CASE("a certificate with any byte changed is not read, or leads nowhere") {
    for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::sm2_sm3}) {
        const Authority authority(algorithm);
        const Certificate leaf = authority.identity("签章人").certificate;
        const std::vector between{authority.issuer()};
        const std::vector roots{authority.root()};
        for (std::size_t i = 0; i < leaf.der.size(); ++i) {
            Bytes changed = leaf.der;
            changed[i] ^= 0x01;
            const auto read = read_certificate(changed);
            CAPTURE(i);
            CHECK_FALSE((read && verify_chain(*read, between, roots, kInsideMs)));
            CHECK_FALSE(read_certificate(BytesView(leaf.der).first(i)).has_value());
        }
    }
}

TEST_CASE("openssl accepts our chains") {
    const auto folder = std::filesystem::temp_directory_path() / ("kaigong-x509-" + random_token(9));
    std::filesystem::create_directories(folder);
    for (const SignatureAlgorithm algorithm : {SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::rsa_sha256,
                                               SignatureAlgorithm::ed25519, SignatureAlgorithm::sm2_sm3}) {
        CAPTURE(to_string(algorithm));
        const Authority& authority = shared_authority(algorithm);
        std::ofstream(folder / "root.pem") << to_pem(authority.root());
        std::ofstream(folder / "issuer.pem") << to_pem(authority.issuer());
        std::ofstream(folder / "leaf.pem") << to_pem(authority.identity("签章人").certificate);
        const std::string id =
            algorithm == SignatureAlgorithm::sm2_sm3 ? " -vfyopt distid:1234567812345678" : " -x509_strict";
        const std::string command = "cd " + folder.string() + " && openssl verify -attime 1780315200" + id +
                                    " -CAfile root.pem -untrusted issuer.pem leaf.pem >log 2>&1";
        // SM2: openssl 3.0 takes the user id for the leaf only, so the issuer is judged by itself.
        const std::string issuer_only = "cd " + folder.string() + " && openssl verify -attime 1780315200" + id +
                                        " -CAfile root.pem issuer.pem >log 2>&1";
        CHECK(std::system((algorithm == SignatureAlgorithm::sm2_sm3 ? issuer_only : command).c_str()) == 0);
    }
    std::filesystem::remove_all(folder);
}
