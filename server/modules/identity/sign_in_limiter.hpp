// Slows down guessing: after some failures for one account name or from one address, sign-in is refused for a while,
// whether or not the account exists.
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
    Result<void> check(const std::string& account_name, const std::string& address, std::int64_t now_ms);
    void failed(const std::string& account_name, const std::string& address, std::int64_t now_ms);
    void succeeded(const std::string& account_name);

  private:
    struct Failures {
        int count = 0;
        std::int64_t first_at_ms = 0;
    };
    bool is_over(const std::string& key, int limit, std::int64_t now_ms) const;
    void count(const std::string& key, std::int64_t now_ms);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Failures> failures_;
};

}  // namespace kaigong::identity
