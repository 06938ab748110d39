#include "modules/identity/sign_in_limiter.hpp"

namespace kaigong::identity {
namespace {

constexpr std::int64_t kWindowMs = 15LL * 60 * 1000;
constexpr int kPerAccountMax = 8;
/// A department behind one address shares this.
constexpr int kPerAddressMax = 60;
constexpr std::size_t kEntriesMax = 100'000;

std::string account_key(const std::string& name) {
    return "a:" + name;
}

std::string address_key(const std::string& address) {
    return "n:" + address;
}

}  // namespace

bool SignInLimiter::is_over(const std::string& key, int limit, std::int64_t now_ms) const {
    const auto found = failures_.find(key);
    return found != failures_.end() && now_ms - found->second.first_at_ms < kWindowMs && found->second.count >= limit;
}

Result<void> SignInLimiter::check(const std::string& account_name, const std::string& address, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    if (!is_over(account_key(account_name), kPerAccountMax, now_ms) &&
        !is_over(address_key(address), kPerAddressMax, now_ms)) {
        return {};
    }
    return error(Errc::rate_limited, "identity.too_many_attempts",
                 "登录失败次数过多，请 15 分钟后再试；忘记密码请联系管理员。");
}

void SignInLimiter::count(const std::string& key, std::int64_t now_ms) {
    auto& entry = failures_[key];
    if (now_ms - entry.first_at_ms >= kWindowMs) entry = {0, now_ms};
    entry.count += 1;
}

void SignInLimiter::failed(const std::string& account_name, const std::string& address, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    if (failures_.size() > kEntriesMax) {
        std::erase_if(failures_, [&](const auto& entry) { return now_ms - entry.second.first_at_ms >= kWindowMs; });
    }
    if (failures_.size() > kEntriesMax) return;  // flooded: the names that are known stay limited
    count(account_key(account_name), now_ms);
    count(address_key(address), now_ms);
}

void SignInLimiter::succeeded(const std::string& account_name) {
    const std::scoped_lock lock(mutex_);
    failures_.erase(account_key(account_name));
}

}  // namespace kaigong::identity
