#include "modules/identity/sign_in_limiter.hpp"

namespace kaigong::identity {
namespace {

constexpr std::int64_t kWindowMs = 15LL * 60 * 1000;
/// A department behind one address shares this.
constexpr int kPerAddressMax = 60;
constexpr std::size_t kEntriesMax = 100'000;

}  // namespace

Result<void> SignInLimiter::check(const std::string& address, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const auto found = failures_.find(address);
    const bool over = found != failures_.end() && now_ms - found->second.first_at_ms < kWindowMs &&
                      found->second.count >= kPerAddressMax;
    if (!over) return {};
    return error(Errc::rate_limited, "identity.too_many_attempts",
                 "从这个网络登录失败的次数过多，请 15 分钟后再试；忘记密码请联系管理员。");
}

void SignInLimiter::failed(const std::string& address, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    if (failures_.size() > kEntriesMax) {
        std::erase_if(failures_, [&](const auto& entry) { return now_ms - entry.second.first_at_ms >= kWindowMs; });
    }
    if (failures_.size() > kEntriesMax) return;  // flooded: the addresses that are known stay limited
    auto& entry = failures_[address];
    if (now_ms - entry.first_at_ms >= kWindowMs) entry = {0, now_ms};
    entry.count += 1;
}

}  // namespace kaigong::identity
