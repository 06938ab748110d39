#include "formats/text/decimal.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

using namespace kaigong;

namespace {

std::string decimal(double value, int decimals) {
    std::string text = "x";
    text::append_decimal(text, value, decimals);
    return text.substr(1);
}

}  // namespace

TEST_CASE("decimals are rounded half away from zero, without trailing zeroes and without a sign at zero") {
    CHECK(decimal(0, 0) == "0");
    CHECK(decimal(0, 4) == "0");
    CHECK(decimal(-0.004, 2) == "0");
    CHECK(decimal(-0.005, 2) == "-0.01");
    CHECK(decimal(0.125, 2) == "0.13");
    CHECK(decimal(1.5, 2) == "1.5");
    CHECK(decimal(10, 2) == "10");
    CHECK(decimal(-210.0604, 3) == "-210.06");
    CHECK(decimal(99.9999, 3) == "100");
    CHECK(decimal(2.5, 0) == "3");
    CHECK(decimal(0.0001, 4) == "0.0001");
    CHECK(decimal(1e14, 4) == "100000000000000");
    CHECK_THROWS(decimal(1, 5));
}

TEST_CASE("decimals read back as the number they were made of") {
    std::mt19937 random(11);  // NOLINT(cert-msc51-cpp): the same numbers in every run
    std::uniform_real_distribution<double> lengths(-400, 400);
    for (int i = 0; i < 2'000; ++i) {
        const double value = lengths(random);
        for (int decimals = 0; decimals <= 4; ++decimals) {
            const auto text = decimal(value, decimals);
            CHECK(std::abs(std::stod(text) - value) <= 0.5000001 * std::pow(10, -decimals));
            if (text.find('.') != std::string::npos) CHECK(text.back() != '0');
        }
    }
}
