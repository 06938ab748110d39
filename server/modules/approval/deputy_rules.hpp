// 代理: who may stand in for whom, and for whom an officer acts on a task. Pure.
//
// A deputy acts with the absent officer's role, only on tasks that he holds or his groups have, only inside the span,
// and only where neither of both is excluded (回避). What he stands in for is never handed on: his own deputy has
// nothing of it.
#pragma once

#include <optional>
#include <vector>

#include "modules/approval/operations/episode_access.hpp"
#include "modules/approval/store_deputies.hpp"

namespace kaigong::approval {

/// The last instant is excluded: a span through the 10th is in force at 23:59:59.999 of that day and not at 00:00.
bool is_in_force(const store::DeputyshipRow& row, std::int64_t at_ms);

/// The same department and region, and for each role in which the absent officer works one that may stand in for it.
/// Fails with approval.deputy_not_suitable.
Result<void> may_stand_in(const operations::Officer& deputy, const operations::Officer& absent);

/// The officer as he acts on this task: as himself where it is his or his group's, else in the place of an absent
/// officer whose it is; as himself where it is neither's.
operations::Officer acting_on(const authz::Permissions& permissions, const operations::Officer& officer,
                              const std::vector<operations::Absent>& absent, const store::TaskRow& task);

/// The officer as he conducts an item (特别程序): as himself where he judges it or leads its department, else in the
/// place of an absent officer who judges it; as himself where it is neither's. Nobody leads in another's place.
operations::Officer conducting(const authz::Permissions& permissions, const operations::Officer& officer,
                               const std::vector<operations::Absent>& absent, const operations::ItemOfCase& one);

}  // namespace kaigong::approval
