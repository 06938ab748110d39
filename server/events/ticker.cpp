#include "events/ticker.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "base/log.hpp"

namespace kaigong::events {

Ticker::Ticker(std::string name, const Clock& clock, Work work, std::int64_t poll_ms)
    : name_(std::move(name)), clock_(clock), work_(std::move(work)), poll_ms_(poll_ms) {}

Ticker::~Ticker() {
    stop();
}

void Ticker::start() {
    thread_ = std::thread([this] { run(); });
}

void Ticker::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    bell_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void Ticker::nudge() {
    {
        const std::lock_guard lock(mutex_);
        nudged_ = true;
    }
    bell_.notify_all();
}

/// Never longer than the poll: a virtual clock may jump, and another process may set a timer.
std::int64_t Ticker::wait_ms(std::optional<std::int64_t> next_at_ms) const {
    if (!next_at_ms) return poll_ms_;
    return std::clamp<std::int64_t>(*next_at_ms - clock_.now_ms(), 0, poll_ms_);
}

void Ticker::run() {
    for (;;) {
        std::optional<std::int64_t> next_at_ms;
        try {
            next_at_ms = work_(clock_.now_ms());
        } catch (const std::exception& failure) {
            log_event(LogLevel::error, "events.ticker_failed",
                      {{"ticker", name_}, {"said", diagnostic(failure.what())}});
        }
        std::unique_lock lock(mutex_);
        bell_.wait_for(lock, std::chrono::milliseconds(wait_ms(next_at_ms)), [&] { return stopping_ || nudged_; });
        if (stopping_) return;
        nudged_ = false;
    }
}

}  // namespace kaigong::events
