#include "crypto/signing.hpp"

#include "crypto/encoding.hpp"

#include <doctest/doctest.h>
#include <cctype>

using namespace kaigong::crypto;

namespace {

constexpr std::string_view kIdentifier =
    "1.2.156.3005.2.11100000000013338W009.11330106MB0DEM0104.330106202612020101.001.2";

KeyRing ring(std::string_view text) {
    return *KeyRing::load(text);
}

constexpr std::string_view kOld = R"({"current":"k1","keys":{"k1":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}})";
constexpr std::string_view kRotated =
    R"({"current":"k2","keys":{"k1":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","k2":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="}})";

}  // namespace

TEST_CASE("Ed25519 gives the first two vectors of RFC 8032") {
    const auto first =
        SigningKey::from_bytes(*from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
    REQUIRE(first.has_value());
    CHECK(to_hex(first->public_key()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    CHECK(to_hex(first->sign({})) ==
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
          "be24"
          "655141438e7a100b");
    const auto second =
        SigningKey::from_bytes(*from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    CHECK(to_hex(second->sign(Bytes{0x72})) ==
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
          "2aee"
          "b00d291612bb0c00");
}

TEST_CASE("a signature fits its message and its key only") {
    const auto key = *SigningKey::from_bytes(SigningKey::new_seed().bytes());
    const auto other = *SigningKey::from_bytes(SigningKey::new_seed().bytes());
    const auto signature = key.sign(view("kaigong"));
    CHECK(verify_ed25519(key.public_key(), view("kaigong"), signature));
    CHECK_FALSE(verify_ed25519(key.public_key(), view("kaigonG"), signature));
    CHECK_FALSE(verify_ed25519(other.public_key(), view("kaigong"), signature));
    CHECK_FALSE(verify_ed25519(key.public_key(), view("kaigong"), BytesView(signature).first(63)));
    CHECK(SigningKey::from_bytes(view("short")).error().reason == "crypto.signing_key_malformed");
}

TEST_CASE("a link signature is short, fits one certificate, and outlives a change of keys") {
    const auto signature = sign_link(ring(kOld), kIdentifier);
    CHECK(signature.size() == 16);
    CHECK(verify_link(ring(kOld), kIdentifier, signature));
    CHECK(verify_link(ring(kRotated), kIdentifier, signature));
    CHECK(sign_link(ring(kRotated), kIdentifier) != signature);
    CHECK_FALSE(verify_link(ring(kOld), "1.2.156.3005.2.x", signature));
    CHECK_FALSE(verify_link(ring(kOld), kIdentifier, signature.substr(1)));
    CHECK_FALSE(verify_link(ring(kOld), kIdentifier, ""));
}

TEST_CASE("what is printed stays right when its key is retired, and its code can be shown again") {
    const auto old_text = new_key_ring_text();
    const auto printed = anti_forgery_code(*KeyRing::load(old_text), kIdentifier, "k1");
    const auto link = sign_link(*KeyRing::load(old_text), kIdentifier);
    const auto retired = *KeyRing::load(*with_retired_key(*with_new_key(old_text), "k1"));
    REQUIRE(retired.find("k1") == nullptr);
    CHECK(verify_link(retired, kIdentifier, link));
    CHECK(verify_anti_forgery_code(retired, kIdentifier, printed));
    CHECK(anti_forgery_code(retired, kIdentifier, "k1") == printed);
    CHECK(anti_forgery_code(retired, kIdentifier, "k2") != printed);
}

TEST_CASE("an anti-forgery code belongs to one identifier, and is read as people type it") {
    const auto ring = *KeyRing::load(new_key_ring_text());
    const auto code = anti_forgery_code(ring, "1.2.156.3005.2.A.B.C.001.0", "k1");
    CHECK(code.size() == 19);
    CHECK(code[4] == '-');
    CHECK(code.find_first_of("ILOU") == std::string::npos);
    CHECK(verify_anti_forgery_code(ring, "1.2.156.3005.2.A.B.C.001.0", code));
    std::string typed;
    for (const char c : code) {
        if (c != '-') typed += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    CHECK(verify_anti_forgery_code(ring, "1.2.156.3005.2.A.B.C.001.0", " " + typed));
    CHECK_FALSE(verify_anti_forgery_code(ring, "1.2.156.3005.2.A.B.C.002.0", code));
    typed[3] = typed[3] == '0' ? '1' : '0';
    CHECK_FALSE(verify_anti_forgery_code(ring, "1.2.156.3005.2.A.B.C.001.0", typed));
    CHECK_FALSE(verify_anti_forgery_code(ring, "1.2.156.3005.2.A.B.C.001.0", ""));
}
