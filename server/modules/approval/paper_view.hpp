// 补录 that waits for the word of who is named in it, as pages show it.
#pragma once

#include <boost/json.hpp>

#include "authz/two_person.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

/// An open proposal of the task; null where none waits. All of it: he confirms what he has read.
boost::json::value paper_act_json(const std::vector<authz::two_person::Proposal>& proposals, const store::TaskRow& task,
                                  const TaskModel& model, const authz::Actor& reader, std::int64_t now_ms);

/// The open one of the task.
const authz::two_person::Proposal* waiting_paper_act(const std::vector<authz::two_person::Proposal>& proposals,
                                                     const std::string& task_id, std::int64_t now_ms);

/// A line of the list of who is named.
boost::json::object paper_act_row_json(const authz::two_person::Proposal& proposal, const store::TaskRow& task);

}  // namespace kaigong::approval
