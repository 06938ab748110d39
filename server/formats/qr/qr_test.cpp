#include "formats/qr/qr.hpp"

#include <doctest/doctest.h>

using namespace kaigong;

TEST_CASE("a code has its three finders and no more modules than its text needs") {
    const auto code = qr::encode("http://127.0.0.1:8600/");
    REQUIRE(code.has_value());
    CHECK(code->size == 25);  // version 2 holds 26 bytes at level M
    const auto dark = [&](int row, int column) {
        return code->dark[static_cast<std::size_t>(row) * static_cast<std::size_t>(code->size) +
                          static_cast<std::size_t>(column)];
    };
    const int last = code->size - 1;
    for (const auto& [row, column] : {std::pair{3, 3}, {3, last - 3}, {last - 3, 3}}) {
        for (int i = -3; i <= 3; ++i) {
            CHECK(dark(row + i, column - 3));
            CHECK(dark(row - 3, column + i));
        }
        CHECK_FALSE(dark(row - 2, column));
        CHECK(dark(row, column));
    }
}

TEST_CASE("the link of a certificate stays small because its identifier is digits and capitals") {
    const auto code = qr::encode(
        "http://127.0.0.1:8600/v?c=1.2.156.3005.2.11100000000013338W009.11330106MB0DEM0104.330106202612020101.001.2"
        "&s=0123456789abcdef");
    REQUIRE(code.has_value());
    CHECK(code->size <= 41);
}

TEST_CASE("empty and overlong texts are refused") {
    CHECK(qr::encode("").error().reason == "qr.text_empty");
    CHECK(qr::encode(std::string_view("a\0b", 3)).error().reason == "qr.text_empty");
    CHECK(qr::encode(std::string(601, 'x')).error().reason == "qr.text_too_long");
    CHECK(qr::encode(std::string(600, 'x')).has_value());
}
