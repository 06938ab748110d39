// What entering an act on paper asks, and what it writes: the same for what stands at once and for what is confirmed.
#pragma once

#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"

namespace kaigong::approval::operations {

/// The task as it was then, for him who decided: he may do it and is not excluded, and nothing of the record stands
/// against the time. `officer` enters or confirms it. Fails as enter_paper_act does.
Result<TaskWork> load_done_on_paper(db::Session& session, const Surroundings& surroundings,
                                    const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                                    const PaperAct& act);

/// The same moment of the same task: when it was decided.
OnTask at_that_time(const OnTask& on, const PaperAct& act);

/// `补录：决定（准予许可），林局长于…在纸面办理`.
std::string sentence_of(const store::TaskRow& task, const PaperAct& act, const std::string& outcome_label);

/// Ends the task with the true time. `how` says who entered it and who confirmed it; the caller writes acts and audit,
/// and saves the case.
Result<void> put_down(db::Session& session, const authz::Permissions& permissions, TaskWork& loaded, const OnTask& on,
                      const PaperAct& act, const std::string& how);

/// It waits for the one who is named.
Result<void> propose_paper_act(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                               const PaperAct& act, const TaskWork& loaded);

}  // namespace kaigong::approval::operations
