#include "crypto/long_field.hpp"

#include <doctest/doctest.h>

using namespace kaigong::crypto;

TEST_CASE("a long text comes back whole, and its pieces cannot change places") {
    const auto ring = *KeyRing::load(new_key_ring_text());
    const FieldPlace place{"permits", "record", "330106202612020101"};
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "单体" + std::to_string(i);
    const auto sealed = seal_long_field(ring, place, text);
    REQUIRE(sealed);
    CHECK(open_long_field(ring, place, *sealed).value() == text);
    CHECK(open_long_field(ring, place, "").value().empty());
    CHECK(seal_long_field(ring, place, "").value().empty());
    const auto cut = sealed->find('\n');
    REQUIRE(cut != std::string::npos);
    const auto turned = sealed->substr(cut + 1) + "\n" + sealed->substr(0, cut);
    CHECK_FALSE(open_long_field(ring, place, turned));
    CHECK_FALSE(open_long_field(ring, {"permits", "record", "another"}, *sealed));
}
