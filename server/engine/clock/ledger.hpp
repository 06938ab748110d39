// The ledger of a clock, checked and turned into intervals; internal to engine/clock.
#pragma once

#include <limits>

#include "engine/clock/clock.hpp"

namespace kaigong::clock {

struct Pause {
    std::int64_t from_ms = 0;
    /// The far future while it is open.
    std::int64_t through_ms = std::numeric_limits<std::int64_t>::max();
    PauseKind kind = PauseKind::applicant;

    bool is_open() const { return through_ms == std::numeric_limits<std::int64_t>::max(); }
};

struct Intervals {
    std::int64_t started_at_ms = 0;
    std::optional<std::int64_t> stopped_at_ms;
    std::vector<Pause> pauses;

    /// The pause that takes this day out of the count, or null: days after its first through its last.
    const Pause* pause_on(CivilDate day) const;
    bool is_paused() const { return !pauses.empty() && pauses.back().is_open(); }
};

Result<Intervals> intervals_of(std::span<const Entry> ledger, std::int64_t now_ms);

}  // namespace kaigong::clock
