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

TEST_CASE("a table full of networks of IPv6 takes no place of an IPv4 address, nor of a network elsewhere") {
    constexpr int kPlaces = 200;
    http::AttemptLimiter limiter(2, kWindowMs, kPlaces);
    // Somebody with a /48 and a choice of 65,536 networks in it.
    for (int i = 0; i < 2 * kPlaces; ++i) limiter.count("2001:db8:7:" + std::to_string(i) + "::1", kNowMs);
    CHECK(limiter.is_over("2001:db8:7:9999::1", kNowMs));
    CHECK_FALSE(limiter.take("2001:db8:7:9998::1", kNowMs));

    CHECK_FALSE(limiter.is_over("192.0.2.7", kNowMs));
    CHECK(limiter.take("192.0.2.7", kNowMs));
    CHECK(limiter.take("192.0.2.8", kNowMs));
    CHECK(limiter.take("192.0.2.7", kNowMs));
    CHECK_FALSE(limiter.take("192.0.2.7", kNowMs));
    CHECK_FALSE(limiter.is_over("2001:db8:8::1", kNowMs));
    CHECK(limiter.take("2001:db8:8::1", kNowMs));
    CHECK_FALSE(limiter.is_over("01900000-0000-7000-8000-000000000000", kNowMs));
    CHECK(limiter.take("01900000-0000-7000-8000-000000000000", kNowMs));
    // Who came before the flood keeps his own count.
    CHECK_FALSE(limiter.is_over("2001:db8:7:0::1", kNowMs));
}

TEST_CASE("networks without a place of their own share the count of their /48, then of their /32, then one") {
    http::AttemptLimiter limiter(2, kWindowMs, 2);
    for (const char* flood : {"2001:db8:1:1::1", "2001:db8:1:2::1"}) limiter.count(flood, kNowMs);
    CHECK(limiter.take("2001:db8:1:3::1", kNowMs));
    CHECK(limiter.take("2001:db8:1:4::1", kNowMs));
    CHECK(limiter.is_over("2001:db8:1:5::1", kNowMs));
    CHECK(limiter.take("2001:db8:2:1::1", kNowMs));  // the second /48 and the last place for one
    CHECK(limiter.take("2001:db8:3:1::1", kNowMs));
    CHECK(limiter.take("2001:db8:4:1::1", kNowMs));
    CHECK(limiter.is_over("2001:db8:5:1::1", kNowMs));
    CHECK_FALSE(limiter.is_over("2001:db9::1", kNowMs));
    CHECK(limiter.take("2001:db9::1", kNowMs));
    CHECK(limiter.take("2001:dba::1", kNowMs));
    CHECK(limiter.take("2001:dbb::1", kNowMs));
    CHECK(limiter.is_over("2001:dbc::1", kNowMs));

    for (const char* flood : {"192.0.2.1", "192.0.2.2"}) limiter.count(flood, kNowMs);
    CHECK(limiter.take("192.0.2.3", kNowMs));
    CHECK(limiter.take("192.0.99.3", kNowMs));
    CHECK(limiter.is_over("192.0.100.3", kNowMs));
    CHECK_FALSE(limiter.is_over("192.1.100.3", kNowMs));
}

TEST_CASE("when all places of names are taken, strangers share one count, and nobody who is known gets free") {
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
