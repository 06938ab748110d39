#include "events/ticker.hpp"

#include <doctest/doctest.h>

#include <latch>
#include <stdexcept>

namespace kaigong::events {
namespace {

constexpr std::int64_t kNowMs = 1'780'000'000'000;
/// So long that a test which needed the poll would hang.
constexpr std::int64_t kNeverMs = 3'600'000;

}  // namespace

TEST_CASE("a ticker looks at the start, and again when it is nudged") {
    FixedClock clock(kNowMs);
    std::latch first(1);
    std::latch second(1);
    int calls = 0;
    std::int64_t last = 0;
    Ticker ticker(
        "test", clock,
        [&](std::int64_t now_ms) -> std::optional<std::int64_t> {
            last = now_ms;
            ++calls == 1 ? first.count_down() : second.count_down();
            return std::nullopt;
        },
        kNeverMs);
    ticker.start();
    first.wait();
    clock.set(kNowMs + 5);
    ticker.nudge();
    second.wait();
    ticker.stop();
    CHECK(calls == 2);
    CHECK(last == kNowMs + 5);
}

TEST_CASE("a ticker wakes by itself at the instant that the work asked for") {
    const SystemClock clock;
    std::latch woken(1);
    std::int64_t due_at_ms = 0;
    std::int64_t woken_at_ms = 0;
    Ticker ticker(
        "test", clock,
        [&](std::int64_t now_ms) -> std::optional<std::int64_t> {
            if (due_at_ms == 0) return due_at_ms = now_ms + 20;
            if (now_ms < due_at_ms) return due_at_ms;
            if (woken_at_ms == 0) {
                woken_at_ms = now_ms;
                woken.count_down();
            }
            return std::nullopt;
        },
        kNeverMs);
    ticker.start();
    woken.wait();
    ticker.stop();
    CHECK(woken_at_ms >= due_at_ms);
}

TEST_CASE("work that threw is called again") {
    const SystemClock clock;
    std::latch again(1);
    int calls = 0;
    Ticker ticker(
        "test", clock,
        [&](std::int64_t) -> std::optional<std::int64_t> {
            if (++calls == 1) throw std::runtime_error("bug");
            if (calls == 2) again.count_down();
            return std::nullopt;
        },
        1);
    ticker.start();
    again.wait();
    ticker.stop();
    CHECK(calls >= 2);
}

TEST_CASE("a ticker that was never started stops quietly") {
    const SystemClock clock;
    Ticker ticker("test", clock, [](std::int64_t) { return std::nullopt; });
    ticker.stop();
}

}  // namespace kaigong::events
