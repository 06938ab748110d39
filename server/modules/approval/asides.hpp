// Tasks beside the process: what an officer confirms whatever step the case is at. They are claimed, given on and urged
// as others are; the process neither opens nor awaits them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/bpmn/bpmn.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

/// Kinds: the applicant asks to withdraw (撤件) · a paper that was owed came in (容缺). Checks of commitments:
/// commitments.hpp.
inline constexpr std::string_view kWithdrawal = "withdrawal";
inline constexpr std::string_view kOwedPaper = "owed_paper";

inline constexpr std::string_view kConfirmed = "confirm_withdrawal";
inline constexpr std::string_view kPaperAccepted = "accept_paper";
inline constexpr std::string_view kPaperRefused = "refuse_paper";

/// Instead of an element of the process; with the number of the episode that it belongs to.
std::string aside_element(std::string_view kind, std::int64_t episode_no = 0);
bool is_aside(std::string_view element_id);
/// 0 where it belongs to none.
std::int64_t episode_of_aside(std::string_view element_id);
TaskModel aside_model(const std::string& element_id);

/// Whose such tasks are: who accepts applications, as the process says; else the acceptance officers of the housing
/// department.
std::string window_group(const bpmn::Definition& process);

}  // namespace kaigong::approval
