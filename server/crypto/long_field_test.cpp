#include "crypto/long_field.hpp"

#include <doctest/doctest.h>

using namespace kaigong::crypto;

namespace {

const FieldPlace kPlace{"permits", "record", "330106202612020101"};

std::string reason_of(const kaigong::Result<std::string>& opened) {
    return opened ? "" : opened.error().reason;
}

std::string text_of_bytes(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += "单体" + std::to_string(text.size());
    return text.substr(0, bytes);
}

}  // namespace

TEST_CASE("a long text comes back whole, and its pieces cannot change places") {
    const auto ring = *KeyRing::load(new_key_ring_text());
    for (const std::size_t bytes : {0UL, 1UL, 47'999UL, 48'000UL, 48'001UL, 96'000UL, 200'000UL}) {
        CAPTURE(bytes);
        const std::string text = text_of_bytes(bytes);
        CHECK(open_long_field(ring, kPlace, seal_long_field(ring, kPlace, text).value()).value() == text);
    }
    const auto sealed = seal_long_field(ring, kPlace, text_of_bytes(90'000)).value();
    const auto cut = sealed.find('\n');
    REQUIRE(cut != std::string::npos);
    const auto turned = sealed.substr(cut + 1) + "\n" + sealed.substr(0, cut);
    CHECK(reason_of(open_long_field(ring, kPlace, turned)) == "crypto.field_tampered");
    CHECK_FALSE(open_long_field(ring, {"permits", "record", "another"}, sealed));
}

TEST_CASE("a long text that was cut where a piece ends, emptied, or added to does not open") {
    const auto ring = *KeyRing::load(new_key_ring_text());
    const auto sealed = seal_long_field(ring, kPlace, text_of_bytes(130'000)).value();
    for (auto end = sealed.find('\n'); end != std::string::npos; end = sealed.find('\n', end + 1)) {
        CHECK(reason_of(open_long_field(ring, kPlace, sealed.substr(0, end))) == "crypto.field_incomplete");
    }
    CHECK_FALSE(open_long_field(ring, kPlace, ""));
    CHECK_FALSE(open_long_field(ring, kPlace, sealed + "\n"));
    CHECK_FALSE(open_long_field(ring, kPlace, sealed + sealed.substr(sealed.rfind('\n'))));
}
