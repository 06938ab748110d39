// Where an officer may send a case back to, shared by the act and by the page that offers it. The engine says what lies
// before a task; here stands what the law leaves of that.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/bpmn.hpp"

namespace kaigong::approval {

/// Fails with approval.return_impossible (not before this task), approval.return_not_done (nobody did it in this
/// case), approval.return_to_applicant (that takes a letter, 行政许可法 32(4)), approval.return_before_acceptance (what
/// the applicant was told is not undone: 行政许可法 32(5)). Gives whether the items are no longer all concluded then.
Result<bool> may_return_to(const bpmn::Definition& process, const bpmn::State& state, std::int64_t token,
                           const std::string& target);

struct ReturnTarget {
    std::string element;
    std::string name;
    bool can_go_straight = false;
};

/// In the order of the process.
std::vector<ReturnTarget> return_targets_of(const bpmn::Definition& process, const bpmn::State& state,
                                            std::int64_t token);

/// Events of states.md that a record step tells.
std::vector<std::string> events_of(const bpmn::Element& element);

}  // namespace kaigong::approval
