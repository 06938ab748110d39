// How much may be asked at once and over time: token buckets in a table of fixed size, for addresses, accounts and
// routes that strangers bring. No number of them makes it larger: a new one takes the place of one that asked least
// lately.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

namespace kaigong::http {

/// What fills a bucket. Ten seconds' worth may come at once: a page with all that belongs to it, an office after lunch.
struct Rate {
    std::uint32_t per_second = 0;  ///< 0: without limit
    std::uint32_t burst() const { return per_second * 10; }
};

class RateTable {
  public:
    using Instant = std::chrono::steady_clock::time_point;

    /// 32 bytes a slot. Rounded up to a power of two.
    explicit RateTable(std::size_t slots_min);
    RateTable(const RateTable&) = delete;
    RateTable& operator=(const RateTable&) = delete;

    /// Of bytes that strangers choose; differs in every process, so that nobody can pick two with the same key.
    std::uint64_t key_of(std::string_view bytes) const;
    /// Of two keys together: an address at a route.
    std::uint64_t key_of(std::uint64_t first, std::uint64_t second) const;

    /// Takes `cost` out of the bucket; false, and nothing taken, when there is less in it. Any thread.
    bool take(std::uint64_t key, Rate rate, Instant now, std::uint32_t cost = 1);

  private:
    struct Slot {
        std::uint64_t key = 0;
        double tokens = 0;
        Instant filled_at = Instant::min();
    };
    static constexpr std::size_t kWays = 8;
    using Set = std::array<Slot, kWays>;

    static Slot& slot_of(Set& set, std::uint64_t key, Rate rate);

    std::uint64_t secret_;
    std::vector<Set> sets_;
    std::array<std::mutex, 64> locks_;
};

}  // namespace kaigong::http
