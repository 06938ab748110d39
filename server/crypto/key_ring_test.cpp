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
    CHECK(ring->current()->key_id == "k1");
    CHECK(ring->find("k1") == ring->current());
    CHECK(ring->find("k2") == nullptr);
    CHECK(new_key_ring_text() != new_key_ring_text());
}

TEST_CASE("each use has a key of its own") {
    const auto ring = *KeyRing::load(ring_text("k1", "k1", kZeros));
    const auto version = ring.current();
    const auto& key = *version;
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

TEST_CASE("another key file is taken while the ring is used, and seals only when it is told to") {
    const auto text = new_key_ring_text();
    auto ring = *KeyRing::load(text);
    const auto before = ring.current();
    const auto two = *with_new_key(text);
    REQUIRE(ring.replace(two).has_value());
    CHECK(ring.wanted() == "k2");
    CHECK(ring.current()->key_id == "k1");
    REQUIRE(ring.find("k2") != nullptr);
    REQUIRE(ring.seal_with("k2").has_value());
    CHECK(ring.current()->key_id == "k2");
    CHECK(ring.all().size() == 2);
    CHECK(ring.seal_with("k9").error().reason == "crypto.key_unknown");
    CHECK(equal_constant_time(before->link.bytes(), ring.find("k1")->link.bytes()));
}

TEST_CASE("a key file that lacks a key, or has other bytes for it, is not taken") {
    const auto text = new_key_ring_text();
    auto ring = *KeyRing::load(text);
    CHECK(ring.replace(new_key_ring_text("k2")).error().reason == "crypto.key_ring_lost_key");
    CHECK(ring.replace(new_key_ring_text()).error().reason == "crypto.key_ring_changed_key");
    CHECK(ring.replace("{").error().reason == "crypto.key_ring_malformed");
    const auto two = *with_new_key(text);
    // It is sealed with the first still.
    CHECK(ring.replace(*with_retired_key(two, "k1")).error().reason == "crypto.key_ring_lost_key");
    CHECK(ring.current()->key_id == "k1");
    CHECK(ring.find("k2") == nullptr);
}

TEST_CASE("a retired key opens nothing, and its number is never given again") {
    const auto two = *with_new_key(new_key_ring_text());
    CHECK(with_retired_key(two, "k2").error().reason == "crypto.key_is_current");
    CHECK(with_retired_key(two, "k7").error().reason == "crypto.key_unknown");
    const auto retired = *with_retired_key(two, "k1");
    const auto ring = *KeyRing::load(retired);
    CHECK(ring.find("k1") == nullptr);
    CHECK(ring.retired() == std::vector<std::string>{"k1"});
    CHECK(ring.links().size() == 2);
    const auto again = *KeyRing::load(*with_new_key(*with_retired_key(*with_new_key(retired), "k2")));
    CHECK(again.wanted() == "k4");
}
