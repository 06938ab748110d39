// Guards of an officer's acts on a task, shared by the acts and by the page that explains them.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "authz/exclusion.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_episodes.hpp"
#include "modules/approval/store_task_acts.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

/// Fails with approval.task_not_open.
Result<void> must_be_open(const store::TaskRow& task);
/// Nobody has it, or this officer. Fails with approval.task_held_by_other.
Result<void> must_be_free_or_held_by(const store::TaskRow& task, const std::string& account_id);

/// Fails with approval.task_not_held.
Result<void> must_be_held_by(const store::TaskRow& task, const std::string& account_id);

/// Fails with approval.no_rejecting_outcome.
Result<void> must_be_rejectable(const TaskModel& model);

/// What was done in a case.
struct PastOfCase {
    const std::vector<store::TaskRow>& tasks;
    const std::vector<store::ActRow>& acts;
    /// Nobody handles his own case, whichever of his roles and accounts he acts in.
    const authz::Applicant& applicant;
};

/// 回避: who accepted, reviewed or rechecked in this case does not take the next duty (states.md A19).
/// Of a deputy neither he nor the absent officer may have done so, and what was done in one's place counts as done.
Result<void> must_not_be_excluded(const operations::Officer& officer, const store::TaskRow& task,
                                  const PastOfCase& past);
/// Of acts that are no task (暂停、延期、指派、督办、限制知悉 …): whoever leads does not rule his own case either.
/// Fails with authz.excluded_own_case.
Result<void> must_not_be_own_case(const operations::Officer& officer, const authz::Applicant& applicant);

/// Whoever decides a case signs (审批签发), and signing asks for who proved just now who he is. Fails with
/// authz.step_up_needed.
Result<void> must_sign_recently(const authz::Actor& actor, const store::TaskRow& task);

/// Why an outcome can't be chosen now, in words; nothing when it can. Its `when` sees the process variables, `items`
/// [{item, state}], `points_recorded`, the number of points not yet told to the applicant, and `committed_items`, the
/// items with a commitment (告知承诺) that runs.
std::optional<std::string> why_blocked(const Outcome& outcome, const boost::json::object& variables,
                                       const std::vector<store::ItemRow>& items,
                                       const std::vector<store::PointRow>& points,
                                       const std::vector<store::EpisodeRow>& episodes);

}  // namespace kaigong::approval
