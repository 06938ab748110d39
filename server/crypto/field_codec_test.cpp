#include "crypto/field_codec.hpp"

#include "crypto/encoding.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <set>

using namespace kaigong::crypto;

namespace {

constexpr std::string_view kKey1 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
constexpr std::string_view kKey2 = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
constexpr FieldPlace kPlace{"application_drafts", "participants.lead_id_number", "0190-1"};
constexpr std::string_view kValue = "11010519491231002X";

KeyRing ring_of(std::string_view current, bool both) {
    const std::string second = both ? fmt::format(R"(,"k2":"{}")", kKey2) : "";
    return *KeyRing::load(fmt::format(R"({{"current":"{}","keys":{{"k1":"{}"{}}}}})", current, kKey1, second));
}

}  // namespace

TEST_CASE("a personal value comes back and its stored text does not show it") {
    const auto ring = ring_of("k1", false);
    const auto sealed = seal_field(ring, kPlace, kValue);
    REQUIRE(sealed.has_value());
    CHECK(sealed->starts_with("enc1:k1:"));
    CHECK(is_sealed_field(*sealed));
    CHECK(sealed->find(kValue) == std::string::npos);
    CHECK(*open_field(ring, kPlace, *sealed) == kValue);
    CHECK(*open_field(ring, kPlace, *seal_field(ring, kPlace, "")) == "");
}

TEST_CASE("the same value twice gives two texts") {
    const auto ring = ring_of("k1", false);
    std::set<std::string> texts;
    for (int i = 0; i < 50; ++i) texts.insert(*seal_field(ring, kPlace, kValue));
    CHECK(texts.size() == 50);
}

TEST_CASE("one flipped bit anywhere is found") {
    const auto ring = ring_of("k1", false);
    const auto sealed = *seal_field(ring, kPlace, kValue);
    const std::string head = "enc1:k1:";
    const auto body = *from_base64url(std::string_view(sealed).substr(head.size()));
    for (std::size_t i = 0; i < body.size() * 8; ++i) {
        Bytes changed = body;
        changed[i / 8] = static_cast<std::uint8_t>(changed[i / 8] ^ (1U << (i % 8)));
        const auto opened = open_field(ring, kPlace, head + to_base64url(changed));
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().reason == "crypto.field_tampered");
    }
}

TEST_CASE("a value copied to another row, field or table does not open") {
    const auto ring = ring_of("k1", false);
    const auto sealed = *seal_field(ring, kPlace, kValue);
    for (const FieldPlace place : {FieldPlace{kPlace.table, kPlace.field, "0190-2"},
                                   FieldPlace{kPlace.table, "participants.lead_phone", kPlace.row_id},
                                   FieldPlace{"submissions", kPlace.field, kPlace.row_id}}) {
        CHECK(open_field(ring, place, sealed).error().reason == "crypto.field_tampered");
    }
}

TEST_CASE("after a change of keys old values open and new ones use the new key") {
    const auto sealed = *seal_field(ring_of("k1", false), kPlace, kValue);
    const auto ring = ring_of("k2", true);
    CHECK(*open_field(ring, kPlace, sealed) == kValue);
    CHECK(key_of_field(sealed) == "k1");
    CHECK(key_of_field("enc1 is not a sealed text").empty());
    const auto resealed = *reseal_field(ring, kPlace, sealed);
    CHECK(key_of_field(resealed) == "k2");
    CHECK(*open_field(ring, kPlace, resealed) == kValue);
    const auto fresh = *seal_field(ring, kPlace, kValue);
    CHECK(fresh.starts_with("enc1:k2:"));
    CHECK(open_field(ring_of("k1", false), kPlace, fresh).error().reason == "crypto.key_unknown");
    // A text that claims the other key must fail by its MAC.
    CHECK(open_field(ring, kPlace, "enc1:k1:" + fresh.substr(8)).error().reason == "crypto.field_tampered");
}

TEST_CASE("what is not a sealed text is malformed") {
    const auto ring = ring_of("k1", false);
    for (const char* text : {"", "enc1:", "enc1:k1", "enc1::AAAA", "enc1:k1:", "enc1:k1:AAAA", "enc1:k1:***", "abc"}) {
        CHECK(open_field(ring, kPlace, text).error().reason == "crypto.field_malformed");
    }
}

TEST_CASE("a value past the limit is refused and the largest one passes") {
    const auto ring = ring_of("k1", false);
    CHECK(seal_field(ring, kPlace, std::string(kFieldBytesMax + 1, 'x')).error().reason == "crypto.field_too_large");
    const std::string largest(kFieldBytesMax, 'x');
    CHECK(*open_field(ring, kPlace, *seal_field(ring, kPlace, largest)) == largest);
}

TEST_CASE("equal values meet in the blind index of their field only, also after a change of keys") {
    const auto old_ring = ring_of("k1", false);
    const auto new_ring = ring_of("k2", true);
    const auto index = blind_index(old_ring, "accounts", "phone", "13800000000");
    CHECK(index == blind_index(old_ring, "accounts", "phone", "13800000000"));
    CHECK(index != blind_index(old_ring, "accounts", "phone", "13800000001"));
    CHECK(index != blind_index(old_ring, "accounts", "id_number", "13800000000"));
    const auto wanted = blind_indexes(new_ring, "accounts", "phone", "13800000000");
    REQUIRE(wanted.size() == 2);
    CHECK(wanted[0] == blind_index(new_ring, "accounts", "phone", "13800000000"));
    CHECK(wanted[1] == index);
}
