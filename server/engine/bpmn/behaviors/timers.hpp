// When a timer is due. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

struct Due {
    std::int64_t at_ms = 0;
    /// How often it fires after that; -1 for ever.
    std::int64_t left = 0;
};

/// The instant at which a timer that starts now is due, with the variables that `token` sees. Fails with
/// `bpmn.timer_not_an_instant`, `bpmn.timer_not_a_duration`, `bpmn.timer_not_a_cycle`, `bpmn.timer_out_of_range`.
Result<Due> due_at(Execution& execution, const TimerRule& rule, std::int64_t token);

/// The next instant of a cycle after the one at which it fired.
Result<std::int64_t> due_again(Execution& execution, const TimerRule& rule, std::int64_t token,
                               std::int64_t last_due_ms);

/// `R3/PT10M` and the like.
bool is_cycle(const std::string& text);

}  // namespace kaigong::bpmn
