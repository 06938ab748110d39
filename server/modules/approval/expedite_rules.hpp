// When somebody may send an order to finish a task (督办单, letters.md), shared by the act and by the page that offers
// it.
#pragma once

#include <string>

#include "base/result.hpp"
#include "engine/clock/clock.hpp"
#include "modules/approval/store.hpp"

namespace kaigong::approval {

/// Days in which the holder has to answer; one order of the ladder gives kLadderAnswerDays.
inline constexpr int kAnswerDaysMax = 10;
inline constexpr int kLadderAnswerDays = 2;

/// Who wants to send one, and what he sees of the case.
struct Expediting {
    std::string account_id;
    /// A leader orders at any time; a section head where the light is yellow or red.
    bool leads_authority = false;
    bool has_open_order = false;
    const clock::Reading& clock;
};

/// Fails with approval.task_not_open, approval.expedite_oneself, approval.expedite_open, approval.expedite_early.
Result<void> may_expedite_now(const store::TaskRow& task, const Expediting& asked);

}  // namespace kaigong::approval
