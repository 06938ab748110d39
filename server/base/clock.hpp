// The one place the time comes from. Engines take instants as arguments and never see a Clock.
#pragma once

#include <atomic>
#include <cstdint>

namespace kaigong {

class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    /// UTC milliseconds since 1970. Any thread.
    virtual std::int64_t now_ms() const = 0;
};

class SystemClock final : public Clock {
  public:
    std::int64_t now_ms() const override;
};

/// Tests and `demo`: runs on from a chosen instant with the machine's pace, and can be moved forward, never back.
class VirtualClock final : public Clock {
  public:
    explicit VirtualClock(std::int64_t start_ms);
    std::int64_t now_ms() const override;
    /// Ignores instants in the past.
    void advance_to(std::int64_t at_ms);

  private:
    std::atomic<std::int64_t> offset_ms_;
};

/// Stands still until it is set.
class FixedClock final : public Clock {
  public:
    explicit FixedClock(std::int64_t at_ms) : at_ms_(at_ms) {}
    std::int64_t now_ms() const override { return at_ms_.load(); }
    void set(std::int64_t at_ms) { at_ms_.store(at_ms); }

  private:
    std::atomic<std::int64_t> at_ms_;
};

}  // namespace kaigong
