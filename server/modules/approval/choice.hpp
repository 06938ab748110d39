// 由前一环节选定: the task that an outcome lets its officer choose for, as it will stand when this one is done.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

/// 依次审批 and 会签: each instance may be another role's. Nobody found: who is named for that, never nobody.
std::string role_for(const TaskModel& model, const boost::json::object& sees);

struct Choice {
    /// Not written yet, and nobody's.
    store::TaskRow task;
    /// Of the case, this one done by the officer.
    std::vector<store::TaskRow> tasks;
};

/// Fails with approval.chosen_task_unknown where the process has no such task.
Result<Choice> choice_of(const bpmn::Definition& process, const boost::json::object& variables,
                         const store::TaskRow& task, const Outcome& outcome, const authz::AccountId& done_by,
                         std::vector<store::TaskRow> tasks);

}  // namespace kaigong::approval
