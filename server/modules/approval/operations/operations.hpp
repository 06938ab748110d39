// The commands on a case, one file each. Each runs in the caller's transaction, reads the case under its lock, decides,
// and leaves an audit entry (approval-operations: "every operation leaves an immutable record").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authz/permissions.hpp"
#include "engine/bpmn/returning.hpp"
#include "modules/approval/case_work.hpp"
#include "modules/approval/store_messages.hpp"

namespace kaigong::approval::operations {

/// Opens the procedure of a filing: items, clock from the day of receipt (民法典 201), process instance.
/// Doing it again for the same application changes nothing.
Result<void> open_procedure(db::Session& session, const Surroundings& surroundings, const applications::Filing& filing,
                            std::int64_t now_ms);

/// An officer who is away, in whose place another acts (代理).
struct Absent {
    authz::Actor actor;
    /// With his department, as the holder of tasks is shown.
    std::string name;
    /// 张三, without.
    std::string called;
    std::string deputyship_id;
    /// 李四, who stands in for him.
    std::string deputy_called;
};

struct Officer {
    authz::Actor actor;
    /// Says in whose place, where he acts in somebody's.
    std::string name;
    std::optional<Absent> instead_of = {};

    /// Whose the task is to be, or is: the absent officer's, where one is.
    const authz::Actor& holder() const { return instead_of ? instead_of->actor : actor; }
    const std::string& holder_name() const { return instead_of ? instead_of->name : name; }
    /// Both accounts that answer for what he does.
    std::vector<std::string> accounts() const {
        std::vector<std::string> list{actor.account_id.text};
        if (instead_of) list.push_back(instead_of->actor.account_id.text);
        return list;
    }
};

/// The task that an officer's act is about, in the version that he saw. Every act on a task may fail with
/// approval.not_found, approval.not_your_task, approval.task_not_open, approval.deputyship_over and
/// db.version_is_stale; then nothing was written.
struct OnTask {
    std::string application_id;
    std::string task_id;
    std::int64_t version = 0;
    std::int64_t now_ms = 0;
};

/// Takes an open task of the officer's group. Fails with approval.task_held_by_other, authz.excluded_….
Result<void> claim_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                        const Officer& officer, const OnTask& on);

/// Gives it back to the group. Fails with approval.task_not_yours, approval.signer_only_answers,
/// approval.task_decided.
Result<void> release_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                          const Officer& officer, const OnTask& on);

struct NewPoint {
    std::string field;
    std::string material_code;
    std::string what;
    std::string how_to_mend;
    std::string legal_basis;
};

/// 容缺: a paper that comes later, and how many working days later at most.
struct Omission {
    std::string material_code;
    int working_days = 0;
    std::string reason;
};

struct Completion {
    std::string outcome;
    std::string opinion;
    std::vector<std::string> checked;
    std::vector<NewPoint> points;
    std::vector<Omission> omissions = {};
    /// Who is to do the task that the outcome lets its officer choose for.
    std::optional<Officer> chosen = {};
};

/// Ends an open task with one of its outcomes, and lets the process go on. Where others sign after the holder (后加签)
/// and he approves, his decision waits for them: all agree, and it counts; one disagrees, and the task ends by its
/// rejecting outcome. A signer's own task is his answer. Fails with approval.outcome_unknown, approval.outcome_blocked
/// (its condition is not met), approval.opinion_missing, approval.points_missing, approval.points_not_allowed,
/// approval.omissions_missing, approval.omissions_not_allowed, approval.omission_impossible,
/// approval.waits_for_signers, approval.task_decided, approval.chosen_missing, approval.chosen_not_allowed,
/// approval.person_not_suitable (who was chosen), permits.serial_exhausted.
Result<void> complete_task(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const Completion& completion);

struct PaperAct {
    /// Who decided on paper.
    Officer done_by;
    std::int64_t happened_at_ms = 0;
    /// The file's number, or where the paper lies.
    std::string reference;
    Completion completion;
};

/// 补录: what was decided on paper is entered; the case stands as if it had been done then, and the record keeps who
/// entered it and when. Whoever decided is asked all that complete_task asks. Fails as that does, and with
/// approval.paper_reference_missing, approval.paper_act_in_future, approval.paper_act_too_early,
/// approval.paper_act_across_timer, approval.person_not_suitable, authz.….
Result<void> enter_paper_act(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                             const PaperAct& act);

/// To whom, and why.
struct Handover {
    Officer to;
    std::string reason;
};

/// 转办: gives the task away for good; the receiver decides. Fails with approval.task_not_held, approval.task_decided,
/// approval.person_not_suitable, authz.excluded_… (the receiver), approval.reason_missing.
Result<void> transfer_task(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const Handover& handover);

/// 指派: who leads the department gives a task to one of its people, whoever holds it. Fails as transfer_task does, and
/// with authz.….
Result<void> assign_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnTask& on, const Handover& handover);

/// 委派: asks a colleague for an opinion; the task comes back to its holder, who decides. Fails with
/// approval.task_not_held, approval.task_decided, approval.waits_for_signers, approval.signer_only_answers,
/// approval.person_not_suitable.
Result<void> delegate_task(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const Handover& handover);

struct NewSigners {
    /// kBefore or kAfter.
    std::string relation;
    std::vector<Officer> people;
    std::string question;
};

/// 加签: others sign before or after the holder. Fails with approval.task_not_held, approval.task_decided,
/// approval.signer_only_answers, approval.person_not_suitable, approval.signer_twice, approval.too_many_signers,
/// approval.no_rejecting_outcome (after, where the task can't end by a disagreement).
Result<void> add_signers(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnTask& on, const NewSigners& added);

/// 减签: takes back the question to one who has not answered yet; the task is judged again. Fails with
/// approval.task_not_held, approval.signer_gone, approval.reason_missing.
Result<void> remove_signer(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const std::string& signer_task_id, const std::string& reason);

struct NewDeputyship {
    Officer absent;
    Officer deputy;
    /// The first instant, and that after the last.
    std::int64_t from_at_ms = 0;
    std::int64_t until_at_ms = 0;
    std::string reason;
};

/// 代理: from the first through the last day of a span a colleague does what waits for an officer who is away. Whoever
/// is away names him, or who leads his department; nobody makes himself another's deputy, nor names one for who stands
/// above him. Gives the deputyship's id. Fails with approval.reason_missing, approval.deputy_days_invalid,
/// approval.deputy_not_suitable, approval.deputy_is_absent, approval.deputyship_overlaps,
/// approval.deputy_of_superior, approval.deputy_names_himself, authz.….
Result<std::string> name_deputy(db::Session& session, const Surroundings& surroundings,
                                const authz::Permissions& permissions, const Officer& officer,
                                const NewDeputyship& named, std::int64_t now_ms);

struct DeputyshipEnd {
    std::string deputyship_id;
    std::int64_t version = 0;
    /// As his account stands now.
    authz::Actor absent;
    std::string reason;
};

/// Ends it now; one that has not begun never begins. Fails with approval.not_found, approval.deputyship_over,
/// approval.reason_missing, db.version_is_stale, authz.….
Result<void> end_deputyship(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const DeputyshipEnd& end,
                            std::int64_t now_ms);

/// 撤回: the officer takes back the task that he did, while nobody has acted after him; what was opened by it is
/// cancelled. Fails with approval.take_back_… and as a return does.
Result<void> take_back_task(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                            const std::string& reason);

/// 催办: reminds who holds an open task, or its group; leaves the task as it is, so that nobody's page grows stale.
/// Fails with authz.…, approval.urged_enough (urge_rules.hpp).
Result<void> urge_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                       const Officer& officer, const OnTask& on, const std::string& note);

struct Return {
    /// The earlier step, an element of the process.
    std::string target;
    bpmn::Onward onward = bpmn::Onward::again;
    std::string reason;
};

/// 退回: sends the case back to an earlier step that an officer did; see returning.hpp for what goes and what stays.
/// An application that waits for its decision is under review again (states.md A21). Fails with
/// approval.reason_missing, approval.return_impossible, approval.return_not_done, approval.return_to_applicant,
/// approval.return_before_acceptance, bpmn.return_not_straight.
Result<void> return_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnTask& on, const Return& sent_back);

/// The answer to an open correction came in: its task ends, the clock runs again, and only departments whose inputs it
/// changed look once more (round_effects.hpp). 行政许可法 32(5); states.md A9, A17, I6.
Result<void> take_resubmission(db::Session& session, const Surroundings& surroundings,
                               const applications::Submission& submission, const applications::RoundChanges& changes,
                               std::int64_t now_ms);

/// 补交: the applicant handed in a paper that was tolerated to be missing; the window looks at it (asides.hpp).
/// States.md A12, A26.
Result<void> take_owed_paper(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                             const std::string& material_code, std::int64_t now_ms);

/// 撤件: the applicant asks to go away before a decision; the window confirms it (asides.hpp). Asking again changes
/// nothing. States.md A22.
Result<void> ask_withdrawal(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                            std::int64_t now_ms);

/// He goes on after all: the task that asked the window is cancelled. After the confirmation it changes nothing.
Result<void> take_back_withdrawal(db::Session& session, const Surroundings& surroundings,
                                  const std::string& application_id, std::int64_t now_ms);

/// Fires the timers of one case that are due, a bounded number at a time; gives how many. Of several workers that come
/// to a case at once one fires; the others find nothing due and leave no trace. A date that hangs on a calendar year
/// not yet published has no automatic effect: it is looked at again a day later, and officers see why.
Result<int> fire_timers(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                        std::int64_t now_ms);

/// A case whose timers could not be fired is looked at again an hour later, and officers see why.
Result<void> put_timers_off(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                            const Error& failure, std::int64_t now_ms);

/// A case that still stands as an earlier calendar made it is brought up to date; one that does not is left as it is.
Result<void> follow_calendar(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                             std::int64_t number, std::int64_t now_ms);

struct Repair {
    /// As the case page names it: the engine's key, or `subscriber:event_id` of news that was given up.
    std::string incident;
    /// Set before the step is tried again; only for an incident of the engine.
    boost::json::object variables;
    /// What was wrong and what was mended, for whoever asks later.
    std::string reason;
};

/// Tries again what stopped with an incident. Whoever repairs must not decide in another's place, so results of tasks
/// and what the program itself writes can't be set. Fails with approval.reason_missing, approval.variable_protected,
/// bpmn.incident_not_open, bpmn.join_starved, approval.incident_gone, approval.not_found, authz.….
Result<void> resolve_incident(db::Session& session, const Surroundings& surroundings,
                              const authz::Permissions& permissions, const Officer& officer,
                              const std::string& application_id, const Repair& repair, std::int64_t now_ms);

/// Keeps a message from outside until somebody takes it; see Approval::send_message.
Result<void> send_message(db::Session& session, const Surroundings& surroundings, const Message& message,
                          std::int64_t now_ms);

/// Gives a message to a case that waits for it; false, and nothing happens, when either is gone: of several workers
/// with one message, or at one case, one moves the case, once.
Result<bool> correlate_message(db::Session& session, const Surroundings& surroundings,
                               const std::string& application_id, const std::string& message_id, std::int64_t now_ms);

/// A message that nobody took in time: officers of the case that sent it see so.
Result<void> give_up_message(db::Session& session, const Surroundings& surroundings, const store::MessageRow& message,
                             std::int64_t now_ms);

/// A signal reaches a case. One that does not wait, or began to after the signal was thrown, is left as it is.
Result<void> take_signal(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                         const std::string& name, std::int64_t thrown_at_ms, std::int64_t now_ms);

/// Ends a service task; a job that has ended already is left as it is.
Result<void> complete_job(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                          const std::string& job_id, std::int64_t now_ms);
Result<void> fail_job(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                      const std::string& job_id, const std::string& reason, const std::string& message,
                      std::int64_t now_ms);

}  // namespace kaigong::approval::operations
