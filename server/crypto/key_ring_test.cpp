#include "crypto/key_ring.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace kaigong::crypto;

namespace {

constexpr std::string_view kZeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

std::string ring_text(std::string_view current, std::string_view key_id, std::string_view key) {
    return fmt::format(R"({{"current":"{}","keys":{{"{}":"{}"}}}})", current, key_id, key);
}

}  // namespace

TEST_CASE("a new key file loads and holds one current key") {
    const auto ring = KeyRing::load(new_key_ring_text());
    REQUIRE(ring.has_value());
    CHECK(ring->current().key_id == "k1");
    CHECK(ring->find("k1") == &ring->current());
    CHECK(ring->find("k2") == nullptr);
    CHECK(new_key_ring_text() != new_key_ring_text());
}

TEST_CASE("each use has a key of its own") {
    const auto ring = *KeyRing::load(ring_text("k1", "k1", kZeros));
    const auto& key = ring.current();
    CHECK_FALSE(equal_constant_time(key.field_cipher.bytes(), key.blob_cipher.bytes()));
    CHECK_FALSE(equal_constant_time(key.field_mac.bytes(), key.blob_mac.bytes()));
    CHECK_FALSE(equal_constant_time(key.blind_index.bytes(), key.link.bytes()));
}

TEST_CASE("a key file that is not right is refused by its reason") {
    CHECK(KeyRing::load("").error().reason == "crypto.key_ring_malformed");
    CHECK(KeyRing::load("[]").error().reason == "crypto.key_ring_malformed");
    CHECK(KeyRing::load(ring_text("k1", "k1", "AAAA")).error().reason == "crypto.key_ring_malformed");
    CHECK(KeyRing::load(ring_text("k 1", "k 1", kZeros)).error().reason == "crypto.key_ring_malformed");
    CHECK(KeyRing::load(ring_text("k2", "k1", kZeros)).error().reason == "crypto.key_ring_no_current");
    std::string many = R"({"current":"k0","keys":{)" + fmt::format(R"("k0":"{}")", kZeros);
    for (int i = 1; i < 33; ++i) many.append(fmt::format(R"(,"k{}":"{}")", i, kZeros));
    CHECK(KeyRing::load(many + "}}").error().reason == "crypto.key_ring_too_many");
}
