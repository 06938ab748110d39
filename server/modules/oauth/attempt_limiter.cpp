#include "modules/oauth/attempt_limiter.hpp"

namespace kaigong::oauth {
namespace {

constexpr std::int64_t kWindowMs = 10LL * 60 * 1000;
constexpr std::size_t kEntriesMax = 100'000;

}  // namespace

Result<void> AttemptLimiter::check(const std::string& who, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const auto found = counted_.find(who);
    if (found == counted_.end() || now_ms - found->second.first_at_ms >= kWindowMs) return {};
    if (found->second.count < in_window_max_) return {};
    return error(Errc::rate_limited, "oauth.too_many_attempts", "次数太多，请 10 分钟后再试。");
}

void AttemptLimiter::count(const std::string& who, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    if (counted_.size() > kEntriesMax) {
        std::erase_if(counted_, [&](const auto& entry) { return now_ms - entry.second.first_at_ms >= kWindowMs; });
    }
    if (counted_.size() > kEntriesMax) return;
    auto& entry = counted_[who];
    if (now_ms - entry.first_at_ms >= kWindowMs) entry = {0, now_ms};
    entry.count += 1;
}

}  // namespace kaigong::oauth
