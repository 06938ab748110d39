// Slows down guessing from one address, whatever names it tries. A lock of one name is in the database (sign_in.cpp).
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/result.hpp"

namespace kaigong::identity {

class SignInLimiter {
  public:
    /// Fails with identity.too_many_attempts (rate_limited).
    Result<void> check(const std::string& address, std::int64_t now_ms);
    void failed(const std::string& address, std::int64_t now_ms);

  private:
    struct Failures {
        int count = 0;
        std::int64_t first_at_ms = 0;
    };

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Failures> failures_;
};

}  // namespace kaigong::identity
