// 督办单 (letters.md): orders to finish a task, which its holder has to answer; and the warning ladder, which may send
// one.
#pragma once

#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_expedite_orders.hpp"

namespace kaigong::approval::operations {

struct Demand {
    std::string text;
    /// What follows when nothing happens.
    std::string consequence;
    int answer_within_working_days = 1;
};

/// Sends one. The version of the task stays, so that who works on it is not disturbed. Fails with authz.…,
/// approval.expedite_… (expedite_rules.hpp).
Result<void> issue_expedite_order(db::Session& session, const Surroundings& surroundings,
                                  const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                                  const Demand& demand);

/// The holder of the task answers it, also after the day by which he should have. Fails with approval.task_not_held,
/// approval.expedite_not_open.
Result<void> answer_expedite_order(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                                   const std::string& answer);

/// Carries out the steps of the ladder that are due for the open tasks of one case; gives how many. Of several workers
/// that come at once one does it; a step that was carried out for a task is not again.
Result<int> climb_ladder(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                         std::int64_t now_ms);

/// The order as a row: number, hours held, days.
store::OrderRow order_of(db::Session& session, CaseWork& work, const catalog::Matter& matter,
                         const store::TaskRow& task, const std::optional<Performer>& issuer, const Demand& demand,
                         std::int64_t now_ms);

}  // namespace kaigong::approval::operations
