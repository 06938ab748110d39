#include <algorithm>
#include <tuple>
#include <vector>

#include "http/connection.hpp"

namespace kaigong::http {
namespace {

/// So long a client may be silent for reasons of its network.
constexpr std::chrono::milliseconds kPatience{250};
/// A body or a reader that rests for so long is a slow one.
constexpr std::chrono::milliseconds kPatienceAtWork{2'000};

bool may_go(const Supervised& connection, Instant now) {
    const auto waited = now - connection.waits_since();
    switch (connection.waits()) {
        case Waits::first_byte:
        case Waits::header:
        case Waits::next_request: return waited >= kPatience;
        case Waits::body:
        case Waits::reader: return waited >= kPatienceAtWork;
        case Waits::nothing: return false;
    }
    return false;
}

}  // namespace

std::size_t Shard::make_room(std::size_t count, Instant now, Waits from) {
    std::vector<Supervised*> those;
    for (auto* connection : connections) {
        if (connection->waits() >= from && may_go(*connection, now)) those.push_back(connection);
    }
    count = std::min(count, those.size());
    const auto last = those.begin() + static_cast<std::ptrdiff_t>(count);
    std::ranges::partial_sort(those, last, {}, [](const Supervised* connection) {
        return std::tuple(connection->waits(), connection->waits_since());
    });
    for (auto one = those.begin(); one != last; ++one) (*one)->cut();
    return count;
}

}  // namespace kaigong::http
