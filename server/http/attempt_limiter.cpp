#include "http/attempt_limiter.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace kaigong::http {
namespace {

/// Looking for places walks through all of them: not with every request of a flood.
constexpr std::int64_t kRoomEveryMs = 1'000;
constexpr std::size_t kNetworkBytes = 8;
constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

std::string network_of(std::string_view address) {
    std::array<unsigned char, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_pton(AF_INET6, std::string(address).c_str(), bytes.data()) != 1) return std::string(address);
    if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
        return ::inet_ntop(AF_INET, bytes.data() + kMapped.size(), text.data(), text.size());
    }
    std::fill(bytes.begin() + kNetworkBytes, bytes.end(), static_cast<unsigned char>(0));
    return std::string(::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size())) + "/64";
}

void AttemptLimiter::make_room(std::int64_t now_ms) {
    if (now_ms - room_made_at_ms_ < kRoomEveryMs) return;
    room_made_at_ms_ = now_ms;
    std::erase_if(entries_, [&](const auto& entry) { return is_past(entry.second, now_ms); });
}

AttemptLimiter::Entry& AttemptLimiter::entry_of(std::string_view who, std::int64_t now_ms) {
    auto key = network_of(who);
    auto found = entries_.find(key);
    if (found == entries_.end() && entries_.size() >= entries_max_) make_room(now_ms);
    if (found == entries_.end() && entries_.size() < entries_max_) found = entries_.try_emplace(std::move(key)).first;
    auto& entry = found == entries_.end() ? shared_ : found->second;
    if (is_past(entry, now_ms)) entry = {0, now_ms};
    return entry;
}

bool AttemptLimiter::is_over(std::string_view who, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(network_of(who));
    if (found == entries_.end() && entries_.size() >= entries_max_) make_room(now_ms);
    if (found == entries_.end() && entries_.size() < entries_max_) return false;
    const auto& entry = found == entries_.end() ? shared_ : found->second;
    return !is_past(entry, now_ms) && entry.count >= count_max_;
}

void AttemptLimiter::count(std::string_view who, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    entry_of(who, now_ms).count += 1;
}

bool AttemptLimiter::take(std::string_view who, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    auto& entry = entry_of(who, now_ms);
    if (entry.count >= count_max_) return false;
    entry.count += 1;
    return true;
}

}  // namespace kaigong::http
