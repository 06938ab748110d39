// 补录: when an act on paper may have happened, as the record of the case stands. Pure but for what it is given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_task_acts.hpp"

namespace kaigong::approval {

/// The record of an act that was entered later: by whom, whose it was (`from`), where the paper lies (`reason`).
inline constexpr const char* kEnterPaper = "enter_paper_act";
/// Those of one that waits for the word of who is named in it: entered, confirmed, denied, taken back.
inline constexpr const char* kProposePaper = "propose_paper_act";
inline constexpr const char* kConfirmPaper = "confirm_paper_act";
inline constexpr const char* kDenyPaper = "deny_paper_act";
inline constexpr const char* kWithdrawPaper = "withdraw_paper_act";

struct RecordOfCase {
    const std::vector<store::TaskRow>& tasks;
    const std::vector<store::ActRow>& acts;
    const std::vector<store::TimelineRow>& timeline;
};

/// Fails with approval.paper_act_in_future.
Result<void> must_have_happened(std::int64_t happened_at_ms, std::int64_t now_ms);

/// Not before the task began, nor before anything that changed the case. Who took a task in hand, reminded, warned or
/// was given a copy changed nothing. Fails with approval.paper_act_too_early.
Result<void> must_fit_record(std::int64_t happened_at_ms, const store::TaskRow& task, const RecordOfCase& record);

/// A timer that has fired since had its effect because nothing was recorded: that stands. Fails with
/// approval.paper_act_across_timer.
Result<void> must_not_cross_timer(std::int64_t happened_at_ms, std::optional<std::int64_t> last_fired_at_ms);

}  // namespace kaigong::approval
