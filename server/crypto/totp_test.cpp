// Held against the examples of RFC 4226 and RFC 6238.
#include "crypto/totp.hpp"

#include <doctest/doctest.h>

#include "crypto/encoding.hpp"

using namespace kaigong::crypto;

namespace {
const BytesView kSecret = view("12345678901234567890");
}

TEST_CASE("codes are those of RFC 4226, appendix D") {
    const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                           "254676", "287922", "162583", "399871", "520489"};
    for (std::int64_t counter = 0; counter < 10; ++counter) CHECK(totp_code(kSecret, counter) == codes[counter]);
}

TEST_CASE("codes are the last six digits of RFC 6238, appendix B") {
    struct Line {
        std::int64_t seconds;
        const char* code;
    };
    for (const auto& line :
         {Line{59, "287082"}, Line{1'111'111'109, "081804"}, Line{1'111'111'111, "050471"},
          Line{1'234'567'890, "005924"}, Line{2'000'000'000, "279037"}, Line{20'000'000'000, "353130"}}) {
        CHECK(totp_code(kSecret, totp_step(line.seconds * 1000)) == line.code);
        CHECK(matching_totp_step(kSecret, line.code, line.seconds * 1000) == line.seconds / 30);
    }
}

TEST_CASE("a code is good one step early and one step late, and no longer") {
    const std::int64_t step = 1'000'000;
    const auto code = totp_code(kSecret, step);
    for (const std::int64_t away : {-1, 0, 1}) {
        CHECK(matching_totp_step(kSecret, code, (step + away) * kTotpStepMs) == step);
    }
    for (const std::int64_t away : {-2, 2}) {
        CHECK_FALSE(matching_totp_step(kSecret, code, (step + away) * kTotpStepMs));
    }
    CHECK(matching_totp_step(kSecret, totp_code(kSecret, 0), 0) == 0);
}

TEST_CASE("what is no code of six digits matches nothing") {
    const auto code = totp_code(kSecret, 100);
    const std::int64_t now_ms = 100 * kTotpStepMs;
    for (const std::string& wrong : {std::string(), code.substr(1), code + "0", " " + code, std::string("abcdef")}) {
        CHECK_FALSE(matching_totp_step(kSecret, wrong, now_ms));
    }
    CHECK_FALSE(matching_totp_step(view("another secret 12345"), code, now_ms));
}

TEST_CASE("the address for the QR code is encoded, whatever the names hold") {
    CHECK(otpauth_uri("开工", "a b&c", kSecret) ==
          "otpauth://totp/%E5%BC%80%E5%B7%A5:a%20b%26c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%BC%80%E5%B7%"
          "A5&algorithm=SHA1&digits=6&period=30");
}
