// Counts what one address, account or number does within some time: guessing passwords and short codes, asking for
// messages, filling tables with requests. Kept in memory, forgotten with the process; how often anybody may ask
// anything at all is throttle.hpp. Never more than `entries_max` are counted apart: whoever comes when all places are
// taken shares one count with all others who do, so that a flood of addresses opens nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kaigong::http {

/// Who stands behind an address: one IPv4 address (also written as ::ffff:192.0.2.1), a whole /64 of IPv6, which one
/// household has to choose from. What is no address stays as it is.
std::string network_of(std::string_view address);

class AttemptLimiter {
  public:
    static constexpr std::size_t kEntriesMax = 100'000;

    /// `count_max` are free within `window_ms` of the first.
    AttemptLimiter(int count_max, std::int64_t window_ms, std::size_t entries_max = kEntriesMax)
        : count_max_(count_max), window_ms_(window_ms), entries_max_(entries_max) {}

    /// `who`: an address, which counts as its network, or another name.
    bool is_over(std::string_view who, std::int64_t now_ms);
    void count(std::string_view who, std::int64_t now_ms);
    /// Counts one more; false, and nothing counted, when all were used up.
    bool take(std::string_view who, std::int64_t now_ms);

  private:
    struct Entry {
        int count = 0;
        std::int64_t first_at_ms = 0;
    };
    bool is_past(const Entry& entry, std::int64_t now_ms) const { return now_ms - entry.first_at_ms >= window_ms_; }
    Entry& entry_of(std::string_view who, std::int64_t now_ms);
    void make_room(std::int64_t now_ms);

    const int count_max_;
    const std::int64_t window_ms_;
    const std::size_t entries_max_;
    std::mutex mutex_;
    std::unordered_map<std::string, Entry> entries_;
    Entry shared_;
    std::int64_t room_made_at_ms_ = 0;
};

}  // namespace kaigong::http
