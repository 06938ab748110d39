#include "crypto/cms.hpp"

#include "crypto/random.hpp"
#include "crypto/testing/authority.hpp"
#include "crypto/testing/timestamp_authority.hpp"

#include <doctest/doctest.h>
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

constexpr std::string_view kContent = "the bytes of a file";
const Digest kDigest = sha256(view(kContent));

struct Office {
    const Authority& authority;
    Identity signer;
    std::vector<Certificate> chain;
    std::vector<Certificate> roots;

    explicit Office(SignatureAlgorithm algorithm = SignatureAlgorithm::ecdsa_p256_sha256)
        : Office(shared_authority(algorithm)) {}
    explicit Office(const Authority& of)
        : authority(of),
          signer(authority.identity("建筑工程施工许可专用章")),
          chain{signer.certificate, authority.issuer(), authority.root()},
          roots{authority.root()} {}
};

/// Both steps that a verifier takes.
std::string judged(BytesView cms, std::span<const Certificate> roots) {
    const auto signature = verify_cades(cms, kDigest);
    if (!signature) return signature.error().reason;
    return reason_of(verify_cades_signer(*signature, roots, kInsideMs));
}

}  // namespace

TEST_CASE("a detached signature is right for its content and names its signer") {
    for (const auto algorithm : {SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::rsa_sha256}) {
        CAPTURE(to_string(algorithm));
        const Office office(algorithm);
        const Bytes cms = sign_cades(kDigest, *office.signer.key, office.chain).value();
        CHECK(cms.size() <= cades_bytes_max(office.chain, 0));
        const auto signature = verify_cades(cms, kDigest);
        REQUIRE_MESSAGE(signature.has_value(), reason_of(signature));
        CHECK(signature->signer == office.signer.certificate);
        CHECK(signature->algorithm == algorithm);
        CHECK(signature->chain.size() == 2);
        CHECK_FALSE(signature->timestamp.has_value());
        CHECK(verify_cades_signer(*signature, office.roots, kInsideMs).value() == office.chain);
        CHECK(reason_of(verify_cades(cms, sha256(view("other bytes")))) == "crypto.cms_digest_differs");
    }
}

TEST_CASE("a key that does not fit the certificate, and an algorithm that PDF does not know, sign nothing") {
    const Office office;
    const auto other = new_signer(SignatureAlgorithm::ecdsa_p256_sha256);
    CHECK(reason_of(sign_cades(kDigest, *other, office.chain)) == "crypto.signer_unfit");
    CHECK(reason_of(sign_cades(kDigest, *office.signer.key, {})) == "crypto.signer_unfit");
    const Office national(SignatureAlgorithm::sm2_sm3);
    CHECK(reason_of(sign_cades(kDigest, *national.signer.key, national.chain)) == "crypto.signer_unfit");
}

TEST_CASE("the signature of a signer whom nobody trusts is told from a wrong one") {
    const Office office;
    const Authority other(SignatureAlgorithm::ecdsa_p256_sha256);
    const Office stranger(other);
    const Bytes cms = sign_cades(kDigest, *office.signer.key, office.chain).value();
    CHECK(judged(cms, office.roots).empty());
    CHECK(judged(cms, stranger.roots) == "crypto.certificate_unknown");
    const std::vector without_issuer{office.signer.certificate};
    CHECK(judged(sign_cades(kDigest, *office.signer.key, without_issuer).value(), office.roots) ==
          "crypto.certificate_unknown");
    const std::vector with_stranger{office.signer.certificate, office.authority.issuer(), stranger.roots[0]};
    CHECK(judged(sign_cades(kDigest, *office.signer.key, with_stranger).value(), office.roots) ==
          "crypto.cms_signature_wrong");
}

TEST_CASE("a time stamp in the signature is about the signature") {
    const Office office;
    const TimestampAuthority authority;
    const Bytes cms = sign_cades(kDigest, *office.signer.key, office.chain, authority.source(kInsideMs)).value();
    const auto signature = verify_cades(cms, kDigest);
    REQUIRE_MESSAGE(signature.has_value(), reason_of(signature));
    CHECK(signature->timestamp.value().at_ms == kInsideMs);
    CHECK(signature->timestamp.value().authority == authority.certificate());
    const std::array roots{authority.root()};
    CHECK(verify_timestamp(signature->timestamp_token, sha256(signature->signature_value), roots).has_value());

    const auto of_something_else = [&](const Digest&) { return authority.source(kInsideMs)(kDigest); };
    const Bytes wrong = sign_cades(kDigest, *office.signer.key, office.chain, of_something_else).value();
    CHECK(judged(wrong, office.roots) == "crypto.timestamp_wrong");
    const auto down = [](const Digest&) -> kaigong::Result<Bytes> {
        return kaigong::error(kaigong::Errc::unavailable, "test.down", "时间戳服务没有应答。");
    };
    CHECK(reason_of(sign_cades(kDigest, *office.signer.key, office.chain, down)) == "test.down");
}

TEST_CASE("a signature with any byte changed or missing is refused") {
    const Office office;
    const Bytes cms = sign_cades(kDigest, *office.signer.key, office.chain).value();
    for (std::size_t i = 0; i < cms.size(); ++i) {
        CAPTURE(i);
        for (const std::uint8_t mask : {std::uint8_t{0x01}, std::uint8_t{0x80}}) {
            Bytes changed = cms;
            changed[i] ^= mask;
            CHECK_FALSE(judged(changed, office.roots).empty());
        }
        CHECK(reason_of(verify_cades(BytesView(cms).first(i), kDigest)) == "crypto.cms_malformed");
    }
}

TEST_CASE("the length of a padded signature is found, and padding that is not empty is refused") {
    const Office office;
    const Bytes cms = sign_cades(kDigest, *office.signer.key, office.chain).value();
    Bytes padded = cms;
    padded.resize(cms.size() + 100);
    CHECK(cades_length(padded).value() == cms.size());
    padded.back() = 1;
    CHECK(reason_of(cades_length(padded)) == "crypto.cms_malformed");
    CHECK(reason_of(cades_length(Bytes(10))) == "crypto.cms_malformed");
}

TEST_CASE("openssl cms finds our signatures right, with and without a time stamp") {
    const auto folder = std::filesystem::temp_directory_path() / ("kaigong-cms-" + random_token(9));
    std::filesystem::create_directories(folder);
    const TimestampAuthority stamps;
    for (const auto algorithm : {SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::rsa_sha256}) {
        for (const bool stamped : {false, true}) {
            CAPTURE(to_string(algorithm));
            CAPTURE(stamped);
            const Office office(algorithm);
            const TimestampSource source = stamped ? stamps.source(kInsideMs) : TimestampSource{};
            const Bytes cms = sign_cades(kDigest, *office.signer.key, office.chain, source).value();
            std::ofstream(folder / "root.pem") << to_pem(office.authority.root());
            std::ofstream(folder / "content") << kContent;
            std::ofstream(folder / "other") << "other bytes";
            std::ofstream(folder / "cms", std::ios::binary) << to_text(cms);
            const auto judge = [&](const std::string& content) {
                const std::string command = "cd " + folder.string() +
                                            " && openssl cms -verify -cades -binary -inform DER -in cms -content " +
                                            content + " -CAfile root.pem -purpose any -attime 1780315200 >log 2>&1";
                return std::system(command.c_str()) == 0;
            };
            CHECK(judge("content"));
            CHECK_FALSE(judge("other"));
        }
    }
    std::filesystem::remove_all(folder);
}
