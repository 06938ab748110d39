// Boundary timers of an activity, and how an activity that waits is opened. Internal to engine/bpmn.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// The instant at which a timer that starts now is due. Fails with `bpmn.timer_not_an_instant`,
/// `bpmn.timer_not_a_duration`, `bpmn.timer_out_of_range`.
Result<std::int64_t> due_at(Execution& execution, const TimerRule& rule);

/// Emits `opened` and schedules the activity's boundary timers. When a timer can't be computed, raises an incident
/// instead, emits nothing else and gives false: an open task whose legal time limit is missing would be worse than one
/// that shows.
bool open_activity(Execution& execution, std::int64_t token, Fact opened);

void cancel_timers(Execution& execution, std::int64_t token);

/// Takes the token away with everything inside it and on it. `cause` is an element's id or a code.
void cancel_token(Execution& execution, std::int64_t token, const std::string& cause);

}  // namespace kaigong::bpmn
