// The numbers behind Database::activity, counted from several threads.
#pragma once

#include <atomic>
#include <cstdint>

#include "db/database.hpp"

namespace kaigong::db {

struct ActivityCounters {
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> batches{0};
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> reruns{0};
    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::uint64_t> unavailable{0};
    std::atomic<std::uint64_t> over_budget{0};
    std::atomic<std::uint64_t> reads{0};
    std::atomic<std::uint64_t> queue_length{0};
    std::atomic<std::uint64_t> queue_peak{0};

    Activity snapshot() const {
        return {requests, batches, commits, reruns, refused, unavailable, over_budget, reads, queue_length, queue_peak};
    }
};

}  // namespace kaigong::db
