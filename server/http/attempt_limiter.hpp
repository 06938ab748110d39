// Counts what one address, account or number does within some time: guessing passwords and short codes, asking for
// messages, filling tables with requests. Kept in memory, forgotten with the process; how often anybody may ask
// anything at all is throttle.hpp.
//
// Of IPv4 addresses, of IPv6 networks and of other names each, so many are counted apart and never more: whoever comes
// when all places of his kind are taken shares the count of his neighbours (a /48 and then a /32 of IPv6, a /16 of
// IPv4), so that a flood of networks opens nothing, and shuts out nobody but those beside it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kaigong::http {

/// Who stands behind an address: one IPv4 address (also written as ::ffff:192.0.2.1), a whole /64 of IPv6, which one
/// household has to choose from. What is no address stays as it is.
std::string network_of(std::string_view address);

class AttemptLimiter {
  public:
    /// As many as there are networks /16 of IPv4.
    static constexpr std::size_t kEntriesMax = 65'536;

    /// `count_max` are free within `window_ms` of the first; `entries_max` are counted apart, of each kind.
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
    enum class Kind { name, ipv4, ipv4_16, ipv6_64, ipv6_48, ipv6_32 };
    struct Table {
        std::unordered_map<std::string, Entry> entries;
        std::int64_t room_made_at_ms = 0;
    };
    struct Place {
        Kind kind;
        std::string key;
    };
    static std::vector<Place> places_of(std::string_view who);
    bool is_past(const Entry& entry, std::int64_t now_ms) const { return now_ms - entry.first_at_ms >= window_ms_; }
    bool is_used_up(const Entry& entry, std::int64_t now_ms) const {
        return !is_past(entry, now_ms) && entry.count >= count_max_;
    }
    Table& table_of(const Place& place) { return tables_.at(static_cast<std::size_t>(place.kind)); }
    bool has_room(Table& table, std::int64_t now_ms);
    const Place* find_place(const std::vector<Place>& places, std::int64_t now_ms);
    Entry& entry_of(std::string_view who, std::int64_t now_ms);

    const int count_max_;
    const std::int64_t window_ms_;
    const std::size_t entries_max_;
    std::mutex mutex_;
    std::array<Table, 6> tables_;
    /// Of those whose kind has no place at all, by the widest one that they could have had.
    std::map<Kind, Entry> shared_;
};

}  // namespace kaigong::http
