#include "base/clock.hpp"

#include <chrono>

namespace kaigong {
namespace {

std::int64_t machine_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

std::int64_t SystemClock::now_ms() const {
    return machine_ms();
}

VirtualClock::VirtualClock(std::int64_t start_ms) : offset_ms_(start_ms - machine_ms()) {}

std::int64_t VirtualClock::now_ms() const {
    return machine_ms() + offset_ms_.load();
}

void VirtualClock::advance_to(std::int64_t at_ms) {
    const std::int64_t wanted = at_ms - machine_ms();
    std::int64_t current = offset_ms_.load();
    while (wanted > current && !offset_ms_.compare_exchange_weak(current, wanted)) {
    }
}

}  // namespace kaigong
