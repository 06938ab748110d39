#include "modules/identity/address_limiter.hpp"

namespace kaigong::identity {
namespace {

constexpr std::int64_t kWindowMs = 15LL * 60 * 1000;
constexpr std::size_t kEntriesMax = 100'000;

}  // namespace

bool AddressLimiter::is_over(const std::string& address, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(address);
    return found != entries_.end() && now_ms - found->second.first_at_ms < kWindowMs &&
           found->second.count >= count_max_;
}

void AddressLimiter::count(const std::string& address, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    if (entries_.size() > kEntriesMax) {
        std::erase_if(entries_, [&](const auto& entry) { return now_ms - entry.second.first_at_ms >= kWindowMs; });
    }
    if (entries_.size() > kEntriesMax) return;  // flooded: the addresses that are known stay limited
    auto& entry = entries_[address];
    if (now_ms - entry.first_at_ms >= kWindowMs) entry = {0, now_ms};
    entry.count += 1;
}

}  // namespace kaigong::identity
