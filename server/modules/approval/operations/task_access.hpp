// Loading a task for an officer's act, and the record of it.
#pragma once

#include "authz/two_person.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/signers.hpp"

namespace kaigong::approval::operations {

/// How a task ended that went back.
inline constexpr const char* kReturnedOutcome = "returned";

/// The case and the task of it that an officer acts on.
struct TaskWork {
    CaseWork work;
    store::TaskRow task;
    Signers signers;

    /// The outcomes and checkpoints of the task; a signer's own where it is one.
    Result<TaskModel> model() const;
};

Signers signers_of_case(db::Session& session, const std::string& application_id);

/// Whoever's it is, open or ended. Fails with approval.not_found, approval.not_your_task.
Result<TaskWork> load_task_for(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Officer& officer, const OnTask& on);

/// The same of an open task that this officer may take, or holds, and is not excluded from. Fails with
/// approval.task_not_open, approval.task_held_by_other, authz.excluded_….
Result<TaskWork> load_task_to_do(db::Session& session, const Surroundings& surroundings,
                                 const authz::Permissions& permissions, const Officer& officer, const OnTask& on);

/// The same of one that he holds. Fails with approval.task_not_held too.
Result<TaskWork> load_held_task(db::Session& session, const Surroundings& surroundings,
                                const authz::Permissions& permissions, const Officer& officer, const OnTask& on);

/// An open task of the department that he leads, whoever holds it. Fails with approval.not_found, authz.….
Result<TaskWork> load_task_to_assign(db::Session& session, const Surroundings& surroundings,
                                     const authz::Permissions& permissions, const Officer& officer, const OnTask& on);

/// An open task that `done_by` decided on paper, for the one who enters that. Fails with approval.not_found, authz.…,
/// approval.task_not_open, approval.task_held_by_other, approval.on_hold.
Result<TaskWork> load_task_to_enter(db::Session& session, const Surroundings& surroundings,
                                    const authz::Permissions& permissions, const Officer& officer,
                                    const Officer& done_by, const OnTask& then);

/// One of a case that he may remind others of. Fails with approval.not_found, authz.….
Result<TaskWork> load_task_to_urge(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnTask& on);

/// One of a case about which he may send an order. Whoever supervises works on no task and still may. Fails with
/// approval.not_found, authz.….
Result<TaskWork> load_task_to_expedite(db::Session& session, const Surroundings& surroundings,
                                       const authz::Permissions& permissions, const Officer& officer, const OnTask& on);

Performer performer_of(const Officer& officer);
/// As he proposes and confirms (双人操作): his other accounts are him too.
authz::two_person::Person second_person(const Surroundings& surroundings, const Officer& officer);
/// Whose the task is: not a deputy's, but the absent officer's.
Performer holder_of(const Officer& officer);

/// Of a deputy: his span may have ended since he read the page. Fails with approval.deputyship_over.
Result<void> must_still_stand_in(db::Session& session, const Officer& officer, std::int64_t now_ms);

/// What a deputy meets whose span has ended: approval.deputyship_over.
Error deputyship_over();

/// What the record keeps of who ended a task, and how.
void end_task(store::TaskRow& task, const Performer& performer, std::string outcome, std::string outcome_label,
              std::string opinion, std::int64_t now_ms);

/// Writes the task in the next version of the one that the officer saw. Fails with db.version_is_stale.
Result<void> save_seen(db::Session& session, store::TaskRow& task, const OnTask& on);

/// The same without a next version. Fails with db.version_is_stale, which says who did what meanwhile.
Result<void> must_be_seen(db::Session& session, const store::TaskRow& task, const OnTask& on);

/// What somebody did with a task, for good.
struct Act {
    std::string act;
    std::string reason = {};
    std::optional<Performer> from = {};
    std::optional<Performer> to = {};
};
void record_act(db::Session& session, const store::TaskRow& task, const Officer& officer, const OnTask& on,
                const Act& act);

/// What ending it that way asks before anything is changed; gives the outcome. Fails as complete_task does.
Result<Outcome> may_finish_task(db::Session& session, const authz::Permissions& permissions, const TaskWork& loaded,
                                const Officer& officer, const OnTask& on, const Completion& completion);

/// Ends the loaded task as the completion says; the caller saves the case.
Result<void> finish_task(db::Session& session, const authz::Permissions& permissions, TaskWork& loaded,
                         const Officer& officer, const OnTask& on, const Completion& completion);

/// Ends a task by an outcome: its item, its signers who are not needed any more, the process. One vote of several
/// (会签) counts for the item when the result is fixed.
Result<void> conclude_task(db::Session& session, CaseWork& work, store::TaskRow& task, const TaskModel& model,
                           const Outcome& outcome, const Performer& performer, std::int64_t now_ms);

}  // namespace kaigong::approval::operations
