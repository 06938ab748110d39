#include "http/rate_table.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace kaigong::http;
using namespace std::chrono_literals;

TEST_CASE("ten seconds' worth may come at once, and then as much as a second brings") {
    RateTable table(64);
    const RateTable::Instant start{1h};
    const auto key = table.key_of("192.0.2.1");
    int taken = 0;
    while (taken < 1'000 && table.take(key, {5}, start)) ++taken;
    CHECK(taken == 50);
    CHECK_FALSE(table.take(key, {5}, start + 100ms));
    CHECK(table.take(key, {5}, start + 300ms));
    CHECK_FALSE(table.take(key, {5}, start + 300ms));
    CHECK(table.take(key, {5}, start + 1h, 50));
    CHECK_FALSE(table.take(key, {5}, start + 1h));
    CHECK(table.take(table.key_of("192.0.2.2"), {5}, start + 1h));
}

TEST_CASE("what costs more than is there takes nothing") {
    RateTable table(64);
    const RateTable::Instant start{1h};
    CHECK_FALSE(table.take(7, {1}, start, 11));
    CHECK(table.take(7, {1}, start, 10));
}

TEST_CASE("a rate of nothing is no limit") {
    RateTable table(8);
    for (int i = 0; i < 10'000; ++i) CHECK(table.take(1, {0}, RateTable::Instant{1h}));
}

TEST_CASE("who goes on asking is remembered while any number of others come") {
    RateTable table(64);
    RateTable::Instant now{1h};
    const auto flooder = table.key_of("192.0.2.1");
    while (table.take(flooder, {1}, now)) {
    }
    int let_in = 0;
    for (int i = 0; i < 10'000; ++i) {
        now += 10us;
        CHECK(table.take(table.key_of("other-" + std::to_string(i)), {1}, now));
        if (i % 4 == 0 && table.take(flooder, {1}, now)) ++let_in;
    }
    CHECK(let_in <= 1);  // 100 ms passed: a tenth of a token came
}

TEST_CASE("a clock that goes back fills nothing") {
    RateTable table(8);
    const RateTable::Instant start{1h};
    CHECK(table.take(1, {1}, start, 10));
    CHECK_FALSE(table.take(1, {1}, start - 30min));
    CHECK_FALSE(table.take(1, {1}, start + 500ms));
    CHECK(table.take(1, {1}, start + 1s));
}
