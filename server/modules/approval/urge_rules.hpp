// How often somebody may be reminded of a task (催办), shared by the act and by the page that offers it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_task_acts.hpp"

namespace kaigong::approval {

/// One person reminds of a task once in 24 hours, all together three times.
inline constexpr std::int64_t kUrgeWindowMs = 24LL * 3'600'000;
inline constexpr int kUrgesMax = 3;

/// Fails with approval.task_not_open, approval.urge_oneself, approval.urged_enough (says since when).
Result<void> may_urge_now(const std::string& account_id, const store::TaskRow& task,
                          const std::vector<store::ActRow>& acts, std::int64_t now_ms);

}  // namespace kaigong::approval
