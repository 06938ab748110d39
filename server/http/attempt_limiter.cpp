#include "http/attempt_limiter.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "http/address_text.hpp"

namespace kaigong::http {
namespace {

/// Looking for places walks through all of them: not with every request of a flood.
constexpr std::int64_t kRoomEveryMs = 1'000;

template <std::size_t Bytes>
using AddressBytes = std::array<unsigned char, Bytes>;

/// The network of the address's first `bits`, as the whole world writes it.
template <std::size_t Bytes>
std::string prefix_of(AddressBytes<Bytes> address, std::size_t bits) {
    constexpr int family = Bytes == 4 ? AF_INET : AF_INET6;
    std::fill(address.begin() + static_cast<std::ptrdiff_t>(bits / 8), address.end(), static_cast<unsigned char>(0));
    std::array<char, INET6_ADDRSTRLEN> text{};
    const std::string written = ::inet_ntop(family, address.data(), text.data(), text.size());
    return bits == 8 * Bytes ? written : written + "/" + std::to_string(bits);
}

std::optional<AddressBytes<4>> ipv4_of(std::string_view text) {
    AddressBytes<4> address{};
    if (::inet_pton(AF_INET, std::string(text).c_str(), address.data()) != 1) return std::nullopt;
    return address;
}

std::optional<AddressBytes<16>> ipv6_of(std::string_view text) {
    AddressBytes<16> address{};
    if (::inet_pton(AF_INET6, std::string(text).c_str(), address.data()) != 1) return std::nullopt;
    return address;
}

}  // namespace

std::string network_of(std::string_view address) {
    const auto written = address_text(address);
    if (!written) return std::string(address);
    const auto ipv6 = ipv6_of(*written);
    return ipv6 ? prefix_of(*ipv6, 64) : *written;
}

/// From the narrowest to the widest.
std::vector<AttemptLimiter::Place> AttemptLimiter::places_of(std::string_view who) {
    auto network = network_of(who);
    if (const auto ipv6 = ipv6_of(network.substr(0, network.find('/')))) {
        return {{Kind::ipv6_64, network}, {Kind::ipv6_48, prefix_of(*ipv6, 48)}, {Kind::ipv6_32, prefix_of(*ipv6, 32)}};
    }
    if (const auto ipv4 = ipv4_of(network)) return {{Kind::ipv4, network}, {Kind::ipv4_16, prefix_of(*ipv4, 16)}};
    return {{Kind::name, std::move(network)}};
}

bool AttemptLimiter::has_room(Table& table, std::int64_t now_ms) {
    if (table.entries.size() >= entries_max_ && now_ms - table.room_made_at_ms >= kRoomEveryMs) {
        table.room_made_at_ms = now_ms;
        std::erase_if(table.entries, [&](const auto& entry) { return is_past(entry.second, now_ms); });
    }
    return table.entries.size() < entries_max_;
}

/// The narrowest that is there or has room; null where there is none.
const AttemptLimiter::Place* AttemptLimiter::find_place(const std::vector<Place>& places, std::int64_t now_ms) {
    const auto found = std::ranges::find_if(places, [&](const Place& place) {
        auto& table = table_of(place);
        return table.entries.contains(place.key) || has_room(table, now_ms);
    });
    return found == places.end() ? nullptr : &*found;
}

AttemptLimiter::Entry& AttemptLimiter::entry_of(std::string_view who, std::int64_t now_ms) {
    const auto places = places_of(who);
    const auto* place = find_place(places, now_ms);
    auto& entry = place == nullptr ? shared_[places.back().kind] : table_of(*place).entries[place->key];
    if (is_past(entry, now_ms)) entry = {0, now_ms};
    return entry;
}

bool AttemptLimiter::is_over(std::string_view who, std::int64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const auto places = places_of(who);
    const auto* place = find_place(places, now_ms);
    if (place == nullptr) return is_used_up(shared_[places.back().kind], now_ms);
    const auto& entries = table_of(*place).entries;
    const auto found = entries.find(place->key);
    return found != entries.end() && is_used_up(found->second, now_ms);
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
