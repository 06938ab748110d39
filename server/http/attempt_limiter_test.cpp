#include "http/attempt_limiter.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kaigong;

namespace {

constexpr std::int64_t kNowMs = 1'796'200'000'000;
constexpr std::int64_t kWindowMs = 60'000;

}  // namespace

TEST_CASE("one address of IPv6 stands for its /64, one that maps IPv4 for that, and a name for itself") {
    CHECK(http::network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64");
    CHECK(http::network_of("2001:db8:1:2:ffff:eeee:dddd:1") == http::network_of("2001:DB8:1:2::9"));
    CHECK(http::network_of("2001:db8:1:3::1") != http::network_of("2001:db8:1:2::1"));
    CHECK(http::network_of("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(http::network_of("::ffff:c000:207") == "192.0.2.7");
    CHECK(http::network_of("192.0.2.7") == "192.0.2.7");
    CHECK(http::network_of("01900000-0000-7000-8000-000000000000") == "01900000-0000-7000-8000-000000000000");
    CHECK(http::network_of("").empty());
}

TEST_CASE("who changes his address within his network goes on being counted") {
    http::AttemptLimiter limiter(3, kWindowMs);
    for (int i = 0; i < 3; ++i) limiter.count("2001:db8::" + std::to_string(i + 1), kNowMs);
    CHECK(limiter.is_over("2001:db8::99", kNowMs));
    CHECK_FALSE(limiter.is_over("2001:db8:0:1::99", kNowMs));
    limiter.count("::ffff:192.0.2.7", kNowMs);
    limiter.count("192.0.2.7", kNowMs);
    CHECK(limiter.take("::ffff:192.0.2.7", kNowMs));
    CHECK_FALSE(limiter.take("192.0.2.7", kNowMs));
}

TEST_CASE("the window begins with the first and ends by itself") {
    http::AttemptLimiter limiter(2, kWindowMs);
    CHECK(limiter.take("one", kNowMs));
    CHECK(limiter.take("one", kNowMs + kWindowMs - 1));
    CHECK_FALSE(limiter.take("one", kNowMs + kWindowMs - 1));
    CHECK(limiter.is_over("one", kNowMs + kWindowMs - 1));
    CHECK_FALSE(limiter.is_over("one", kNowMs + kWindowMs));
    CHECK(limiter.take("one", kNowMs + kWindowMs));
}

TEST_CASE("when all places are taken, strangers share one count, and nobody who is known gets free") {
    http::AttemptLimiter limiter(2, kWindowMs, 3);
    for (const char* known : {"a", "b", "c"}) limiter.count(known, kNowMs);
    CHECK_FALSE(limiter.is_over("stranger 1", kNowMs));
    CHECK(limiter.take("stranger 1", kNowMs));
    CHECK(limiter.take("stranger 2", kNowMs));
    CHECK_FALSE(limiter.take("stranger 3", kNowMs));
    CHECK(limiter.is_over("stranger 4", kNowMs));
    CHECK(limiter.take("a", kNowMs));
    CHECK(limiter.is_over("a", kNowMs));
    CHECK_FALSE(limiter.is_over("b", kNowMs));

    // Places become free by themselves, and whoever was counted together is counted apart again.
    CHECK(limiter.take("stranger 3", kNowMs + kWindowMs));
    CHECK(limiter.take("stranger 3", kNowMs + kWindowMs));
    CHECK(limiter.is_over("stranger 3", kNowMs + kWindowMs));
    CHECK_FALSE(limiter.is_over("stranger 4", kNowMs + kWindowMs));
}
