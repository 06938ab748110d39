#include "http/rate_table.hpp"

#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <functional>
#include <stdexcept>

namespace kaigong::http {
namespace {

std::uint64_t random_secret() {
    std::uint64_t bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != sizeof bits) throw std::runtime_error("no random bytes");
    return bits;
}

/// The last step of SplitMix64: every bit of the input moves every bit of the output.
std::uint64_t mixed(std::uint64_t bits) {
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBULL;
    return bits ^ (bits >> 31U);
}

}  // namespace

RateTable::RateTable(std::size_t slots_min)
    : secret_(random_secret()), sets_(std::bit_ceil(std::max<std::size_t>(1, slots_min / kWays))) {}

std::uint64_t RateTable::key_of(std::string_view bytes) const {
    return mixed(std::hash<std::string_view>{}(bytes) ^ secret_);
}

std::uint64_t RateTable::key_of(std::uint64_t first, std::uint64_t second) const {
    return mixed(mixed(first ^ secret_) + second);
}

// Within its set a key that is not there takes the place of the one that was filled longest ago. A bucket that rested
// for ten seconds is full again, so that what is forgotten about it is nothing.
RateTable::Slot& RateTable::slot_of(Set& set, std::uint64_t key, Rate rate) {
    auto* oldest = &set.front();
    for (auto& slot : set) {
        if (slot.key == key && slot.filled_at != Instant::min()) return slot;
        if (slot.filled_at < oldest->filled_at) oldest = &slot;
    }
    *oldest = {.key = key, .tokens = static_cast<double>(rate.burst()), .filled_at = Instant::min()};
    return *oldest;
}

bool RateTable::take(std::uint64_t key, Rate rate, Instant now, std::uint32_t cost) {
    if (rate.per_second == 0) return true;
    const std::size_t place = key & (sets_.size() - 1);
    const std::scoped_lock lock(locks_.at(place % locks_.size()));
    Slot& slot = slot_of(sets_[place], key, rate);
    if (slot.filled_at != Instant::min()) {
        const std::chrono::duration<double> passed = std::max(now, slot.filled_at) - slot.filled_at;
        slot.tokens = std::min<double>(rate.burst(), slot.tokens + passed.count() * rate.per_second);
    }
    slot.filled_at = std::max(now, slot.filled_at);
    if (slot.tokens < cost) return false;
    slot.tokens -= cost;
    return true;
}

}  // namespace kaigong::http
