// To whom the process gives a task when it opens: who was chosen before, who is named, who has least to do. Whoever is
// named and can't do it does not get it, and the record says why: the task then waits for its role's people, never for
// nobody. Not for handing a task on later: person_rules.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/approval/case_work.hpp"

namespace kaigong::approval {

/// One who may do a task, with what decides between several.
struct Available {
    std::string account_id;
    std::string account_name;
    std::int64_t open_tasks = 0;
    std::int64_t last_turn_at_ms = 0;
};

/// The fewest open tasks; of those whose turn was longest ago; of those the first by account name. Nothing of nobody.
std::optional<Available> least_loaded_of(const std::vector<Available>& people);

/// Fills in whose the task is, before it is written, and notes how that came about. Where its role has nobody in this
/// region it goes to the fallback role, and where that has nobody the section head of the lead department is warned.
/// A task for which the process says nothing of this is left alone.
void give_new_task(db::Session& session, const Surroundings& surroundings, CaseWork& work, const TaskModel& model,
                   store::TaskRow& task, std::int64_t now_ms);

}  // namespace kaigong::approval
