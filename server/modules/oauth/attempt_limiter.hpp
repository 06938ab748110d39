// Slows down guessing of short codes, and whoever fills tables with requests: after some counts for one account or
// address, more are refused for a while. Counted in memory; a restart forgets.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/result.hpp"

namespace kaigong::oauth {

class AttemptLimiter {
  public:
    /// `in_window_max` counts in ten minutes.
    explicit AttemptLimiter(int in_window_max) : in_window_max_(in_window_max) {}

    /// Fails with oauth.too_many_attempts (rate_limited).
    Result<void> check(const std::string& who, std::int64_t now_ms);
    void count(const std::string& who, std::int64_t now_ms);

  private:
    struct Counted {
        int count = 0;
        std::int64_t first_at_ms = 0;
    };
    const int in_window_max_;
    std::mutex mutex_;
    std::unordered_map<std::string, Counted> counted_;
};

}  // namespace kaigong::oauth
