#include "crypto/seal.hpp"

#include "crypto/der.hpp"
#include "crypto/testing/authority.hpp"
#include "crypto/testing/timestamp_authority.hpp"

#include <doctest/doctest.h>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

using namespace kaigong::crypto;
using namespace kaigong::crypto::testing;

namespace {

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

const std::string kPath = "/Doc_0/Signs/Sign_0/Signature.xml";
const Digest kDigest = sm3(view("Signature.xml"));

struct SealOffice {
    Authority authority{SignatureAlgorithm::sm2_sm3};
    Identity maker = authority.identity("印章制作单位", 4);
    Identity signer = authority.identity("示例市住房和城乡建设局", 5);

    NewSeal wanted(SealList list = SealList::certificates) const {
        return {.vendor = "KAIGONG",
                .seal_id = "33010000000001",
                .type = 3,
                .name = "示例市住房和城乡建设局施工许可专用章",
                .list = list,
                .signers = {signer.certificate},
                .created_at_ms = kValidFromMs,
                .valid_from_ms = kValidFromMs,
                .valid_until_ms = kValidUntilMs,
                .picture = {.type = "PNG", .bytes = Bytes(64, 0x89), .width_mm = 40, .height_mm = 40}};
    }
    Bytes seal(SealList list = SealList::certificates) const {
        return make_seal(wanted(list), maker.certificate, *maker.key).value();
    }
    kaigong::Result<Bytes> sign(BytesView seal_der, std::int64_t at_ms = kInsideMs) const {
        return sign_with_seal({.seal = seal_der, .at_ms = at_ms, .content_digest = kDigest, .property = kPath},
                              signer.certificate, *signer.key);
    }
};

/// One file of an OFD package.
Bytes file_of(const std::filesystem::path& package, const std::string& name) {
    const std::string command = "unzip -p '" + package.string() + "' '" + name + "'";
    FILE* const pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    Bytes bytes;
    std::array<std::uint8_t, 4096> buffer{};
    for (std::size_t count = 0; (count = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
    }
    REQUIRE(pclose(pipe) == 0);
    return bytes;
}

bool has_samples() {
    const bool there = std::filesystem::exists(KAIGONG_SOURCE_DIR "/../shared/conformance/ofd");
    if (there) return true;
    REQUIRE_MESSAGE(std::getenv("CI") == nullptr, "the sealed samples are missing");
    MESSAGE("skipped: ../shared/conformance/ofd is not here");
    return false;
}

/// Signature and SM3 of Signature.xml of one sample.
struct Sample {
    Bytes signature;
    Digest digest{};

    explicit Sample(const std::string& name) {
        const std::filesystem::path package = std::string(KAIGONG_SOURCE_DIR "/../shared/conformance/ofd/") + name;
        signature = file_of(package, "Doc_0/Signs/Sign_0/SignedValue.dat");
        digest = sm3(file_of(package, "Doc_0/Signs/Sign_0/Signature.xml"));
    }
};

}  // namespace

TEST_CASE("a seal says what was asked for, whether it lists certificates or digests") {
    const SealOffice office;
    for (const SealList list : {SealList::certificates, SealList::digests}) {
        const auto seal = read_seal(office.seal(list));
        REQUIRE_MESSAGE(seal.has_value(), reason_of(seal));
        CHECK(seal->version == 4);
        CHECK(seal->vendor == "KAIGONG");
        CHECK(seal->seal_id == "33010000000001");
        CHECK(seal->type == 3);
        CHECK(seal->name == "示例市住房和城乡建设局施工许可专用章");
        CHECK(seal->list == list);
        CHECK(seal->created_at_ms == kValidFromMs);
        CHECK(seal->valid_from_ms == kValidFromMs);
        CHECK(seal->valid_until_ms == kValidUntilMs);
        CHECK(seal->picture.type == "PNG");
        CHECK(seal->picture.bytes == Bytes(64, 0x89));
        CHECK(seal->picture.width_mm == 40);
        CHECK(seal->picture.height_mm == 40);
        CHECK(seal->maker == office.maker.certificate);
        CHECK(seal->lists(office.signer.certificate));
        CHECK_FALSE(seal->lists(office.maker.certificate));
    }
}

TEST_CASE("a file that is sealed says by whom, when and with what") {
    const SealOffice office;
    for (const SealList list : {SealList::certificates, SealList::digests}) {
        const Bytes seal = office.seal(list);
        const auto signature = verify_seal_signature(office.sign(seal).value(), kDigest);
        REQUIRE_MESSAGE(signature.has_value(), reason_of(signature));
        CHECK(signature->at_ms == kInsideMs);
        CHECK(signature->property == kPath);
        CHECK(signature->signer == office.signer.certificate);
        CHECK(signature->seal.der == seal);
        CHECK(signature->timestamp_token.empty());
    }
}

TEST_CASE("a seal on another file, of a stranger, or out of its time is refused, each with its reason") {
    const SealOffice office;
    const Bytes seal = office.seal();
    const Bytes signature = office.sign(seal).value();
    CHECK(reason_of(verify_seal_signature(signature, sm3(view("other")))) == "crypto.seal_content_differs");
    CHECK(reason_of(office.sign(seal, kValidUntilMs + 1000)) == "crypto.seal_expired");
    CHECK(reason_of(office.sign(seal, kValidFromMs - 1000)) == "crypto.seal_expired");
    const Sealing sealing{.seal = seal, .at_ms = kInsideMs, .content_digest = kDigest, .property = kPath};
    CHECK(reason_of(sign_with_seal(sealing, office.maker.certificate, *office.maker.key)) ==
          "crypto.seal_signer_not_listed");
    CHECK(reason_of(sign_with_seal(sealing, office.signer.certificate, *office.maker.key)) == "crypto.seal_unfit");
    auto nameless = office.wanted();
    nameless.name.clear();
    CHECK(reason_of(make_seal(nameless, office.maker.certificate, *office.maker.key)) == "crypto.seal_unfit");
    auto chinese_number = office.wanted();
    chinese_number.seal_id = "编号";
    CHECK(reason_of(make_seal(chinese_number, office.maker.certificate, *office.maker.key)) == "crypto.seal_unfit");
    const Authority other(SignatureAlgorithm::ecdsa_p256_sha256);
    CHECK(reason_of(make_seal(office.wanted(), other.issuer(), other.issuer_key())) == "crypto.seal_unfit");
}

TEST_CASE("what a stranger signs with a seal, and a seal that a stranger made, is told apart") {
    const SealOffice office;
    const Bytes seal = office.seal();
    const Bytes algorithm = der::oid(identifier_of(SignatureAlgorithm::sm2_sm3));
    const auto signed_by_hand = [&](BytesView seal_der, const Identity& named, const Identity& signing) {
        const Bytes to_sign = der::sequence({der::integer(4), seal_der, der::generalized_time(kInsideMs),
                                             der::bit_string(kDigest), der::ia5_string(kPath)});
        const Bytes signature = signing.key->sign(to_sign).value();
        return der::sequence(
            {to_sign, der::octet_string(named.certificate.der), algorithm, der::bit_string(signature)});
    };
    const auto judged = [](const Bytes& bytes) { return reason_of(verify_seal_signature(bytes, kDigest)); };
    CHECK(judged(signed_by_hand(seal, office.signer, office.signer)).empty());
    CHECK(judged(signed_by_hand(seal, office.maker, office.maker)) == "crypto.seal_signer_not_listed");
    CHECK(judged(signed_by_hand(seal, office.signer, office.maker)) == "crypto.seal_signature_wrong");

    // The same seal, its maker's signature by another hand.
    der::Reader outer(seal);
    const BytesView info = outer.sequence().value().next().value().whole;
    const Bytes forged = der::sequence({info, der::octet_string(office.maker.certificate.der), algorithm,
                                        der::bit_string(office.signer.key->sign(info).value())});
    CHECK(reason_of(read_seal(forged)) == "crypto.seal_broken");
    CHECK(judged(signed_by_hand(forged, office.signer, office.signer)) == "crypto.seal_broken");
    const Sealing sealing{.seal = forged, .at_ms = kInsideMs, .content_digest = kDigest, .property = kPath};
    CHECK(reason_of(sign_with_seal(sealing, office.signer.certificate, *office.signer.key)) == "crypto.seal_broken");
    CHECK(reason_of(read_seal({})) == "crypto.seal_malformed");
    CHECK(judged({}) == "crypto.seal_malformed");
}

TEST_CASE("a time stamp is kept beside a seal signature and fits it") {
    const SealOffice office;
    const TimestampAuthority stamps;
    const Bytes seal = office.seal();
    const Sealing sealing{.seal = seal, .at_ms = kInsideMs, .content_digest = kDigest, .property = kPath};
    const Bytes bytes =
        sign_with_seal(sealing, office.signer.certificate, *office.signer.key, stamps.source(kInsideMs)).value();
    const auto signature = verify_seal_signature(bytes, kDigest);
    REQUIRE_MESSAGE(signature.has_value(), reason_of(signature));
    const std::array roots{stamps.root()};
    CHECK(verify_timestamp(signature->timestamp_token, sha256(signature->signature_value), roots).value().at_ms ==
          kInsideMs);
}

TEST_CASE("a seal and a seal signature with any byte changed or missing are refused") {
    const SealOffice office;
    const Bytes seal = office.seal();
    const Bytes signature = office.sign(seal).value();
    const std::array between{office.authority.issuer()};
    const std::array roots{office.authority.root()};
    for (std::size_t i = 0; i < signature.size(); ++i) {
        CAPTURE(i);
        Bytes changed = signature;
        changed[i] ^= 0x01;
        CHECK_FALSE(verify_seal_signature(changed, kDigest).has_value());
        CHECK_FALSE(verify_seal_signature(BytesView(signature).first(i), kDigest).has_value());
    }
    for (std::size_t i = 0; i < seal.size(); ++i) {
        CAPTURE(i);
        Bytes changed = seal;
        changed[i] ^= 0x01;
        const auto read = read_seal(changed);
        // The maker's certificate is no part of what the maker signed: its own issuer protects it.
        CHECK_FALSE((read && verify_chain(read->maker, between, roots, kInsideMs)));
    }
}

TEST_CASE("the sealed invoice of a tax office is found right") {
    if (!has_samples()) return;
    const Sample sample("sign_v4signed.ofd");
    const auto signature = verify_seal_signature(sample.signature, sample.digest);
    REQUIRE_MESSAGE(signature.has_value(), reason_of(signature));
    CHECK(signature->seal.name == "测试全国统一发票监制章国家税务总局重庆市税务局");
    CHECK(signature->seal.seal_id == "50011200000399");
    CHECK(signature->seal.vendor == "GOMAIN");
    CHECK(signature->seal.picture.type == "ofd");
    CHECK(signature->seal.picture.width_mm == 30);
    CHECK(signature->seal.picture.height_mm == 20);
    CHECK(signature->property == kPath);
    CHECK(signature->at_ms == 1'602'313'880'000);
    CHECK(signature->signer.issuer_common_name == "税务测试CA2(SM2)");
    CHECK(reason_of(verify_seal_signature(sample.signature, kDigest)) == "crypto.seal_content_differs");
}

TEST_CASE("the sealed sample of OFD R&W is whole, but its seal was used after its time") {
    if (!has_samples()) return;
    const Sample sample("reader_SESV4SignDoc.ofd");
    CHECK(reason_of(verify_seal_signature(sample.signature, sample.digest)) == "crypto.seal_expired");
    const std::filesystem::path package = KAIGONG_SOURCE_DIR "/../shared/conformance/ofd/reader_SESV4SignDoc.ofd";
    const auto seal = read_seal(file_of(package, "Doc_0/Signs/Sign_0/Seal.esl"));
    REQUIRE_MESSAGE(seal.has_value(), reason_of(seal));
    CHECK(seal->name == "OFD R&W 测试用印章");
    CHECK(seal->picture.type == "PNG");
    CHECK(seal->picture.width_mm == 40);
    for (std::size_t i = 0; i < sample.signature.size(); i += 7) {
        Bytes changed = sample.signature;
        changed[i] ^= 0x01;
        CAPTURE(i);
        CHECK(reason_of(verify_seal_signature(changed, sample.digest)) != "crypto.seal_expired");
    }
}
