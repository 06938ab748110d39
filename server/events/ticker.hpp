// Wakes a piece of work at the instants it asks for: timers of processes, deadlines. The instants live in tables of the
// module whose work it is; a ticker only watches the clock.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"

namespace kaigong::events {

class Ticker {
  public:
    /// Does what is due at `now_ms` and gives the next due instant, if one is known. Called on the ticker's thread
    /// only, one at a time; an exception is logged and the work is called again after `poll_ms`.
    using Work = std::function<std::optional<std::int64_t>(std::int64_t now_ms)>;

    /// `name` stands in the log. `clock` is the office's clock, virtual in demo and tests.
    Ticker(std::string name, const Clock& clock, Work work, std::int64_t poll_ms = 1000);
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;
    ~Ticker();

    void start();
    /// Returns when the work that is running has ended.
    void stop();
    /// A timer was set or the demo's clock was moved: look again now. Any thread.
    void nudge();

  private:
    void run();
    std::int64_t wait_ms(std::optional<std::int64_t> next_at_ms) const;

    const std::string name_;
    const Clock& clock_;
    const Work work_;
    const std::int64_t poll_ms_;
    std::mutex mutex_;
    std::condition_variable bell_;
    bool nudged_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace kaigong::events
