#include "crypto/encoding.hpp"

#include <doctest/doctest.h>

using namespace kaigong::crypto;

TEST_CASE("base64 gives the texts of RFC 4648 and reads them back") {
    const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : cases) {
        CHECK(to_base64(view(plain)) == text);
        REQUIRE(from_base64(text).has_value());
        CHECK(to_text(*from_base64(text)) == plain);
    }
}

TEST_CASE("base64url uses the other two characters and no padding") {
    const Bytes bytes{0xFB, 0xFF, 0xFE};
    CHECK(to_base64url(bytes) == "-__-");
    CHECK(to_base64(bytes) == "+//+");
    CHECK(from_base64url("-__-") == bytes);
    CHECK_FALSE(from_base64url("+//+").has_value());
    CHECK_FALSE(from_base64url("Zg==").has_value());
}

TEST_CASE("a byte string has one text only") {
    CHECK_FALSE(from_base64("Zh==").has_value());  // unused bits set
    CHECK_FALSE(from_base64("Zg=").has_value());
    CHECK_FALSE(from_base64("Zg== ").has_value());
    CHECK_FALSE(from_base64("====").has_value());
    CHECK_FALSE(from_base64url("A").has_value());
    CHECK_FALSE(from_base64url("Zh").has_value());
}

TEST_CASE("hexadecimal is lower case out and either case in") {
    CHECK(to_hex(Bytes{0x00, 0xAB, 0xFF}) == "00abff");
    CHECK(from_hex("00ABff") == Bytes{0x00, 0xAB, 0xFF});
    CHECK_FALSE(from_hex("0").has_value());
    CHECK_FALSE(from_hex("0g").has_value());
}

TEST_CASE("base32 gives the texts of RFC 4648 without their padding and reads them back") {
    const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                         {"f", "MY"},
                                                         {"fo", "MZXQ"},
                                                         {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"},
                                                         {"fooba", "MZXW6YTB"},
                                                         {"foobar", "MZXW6YTBOI"}};
    for (const auto& [plain, text] : cases) {
        CHECK(to_base32(view(plain)) == text);
        REQUIRE(from_base32(text).has_value());
        CHECK(to_text(*from_base32(text)) == plain);
    }
    for (const char* wrong : {"mzxw6", "MZ", "M", "MZX", "MZXW6Y", "MZXW6===", "MZXW1", "MZXW 6"}) {
        CHECK_FALSE(from_base32(wrong).has_value());
    }
}
