// The warning ladder (预警): which steps of it are due for a case at an instant, and when the next one is. Pure;
// whoever carries a step out keeps that he did.
//
// Shape of the setting, `warning_ladder` of matter.json, in the order in which steps come due:
//   [{"when": "yellow", "do": "remind_holder"}, {"when": "due", "do": "tell_section_head"},
//    {"when": {"overdue_working_days": 1}, "do": "tell_deputy_leader"}, …]
// `yellow`: the day on which the light turns yellow begins · `due`: the last day begins · `overdue_working_days` n: the
// n-th working day after the last day begins.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/clock/clock.hpp"

namespace kaigong::clock {

enum class Warning { remind_holder, tell_section_head, tell_deputy_leader, expedite_order };

/// Names as they stand in the setting.
std::string_view to_string(Warning warning);

struct LadderStep {
    /// Working days after the last day: 0 is the last day itself, the light's yellow days are before it.
    int working_days_after_due = 0;
    Warning warning = Warning::remind_holder;

    bool operator==(const LadderStep&) const = default;
};

using Ladder = std::vector<LadderStep>;

/// `settings` is matter.json; without `warning_ladder` there are no steps. Fails with clock.ladder_malformed (unknown
/// words, steps out of order, the same step twice).
Result<Ladder> ladder_from_json(const boost::json::object& settings, LightLevels levels = {});

struct LadderReading {
    /// How many steps are due, from the first.
    std::size_t due = 0;
    /// When the next one is; nothing when there is none, or nobody knows: while the clock stands still, and where a day
    /// hangs on a year that is not published.
    std::optional<std::int64_t> next_at_ms;
};

/// No step is due of a clock that is paused, stopped or provisional.
LadderReading read_ladder(const Ladder& ladder, const Reading& clock, const calendar::Calendar& calendar,
                          std::int64_t now_ms);

}  // namespace kaigong::clock
