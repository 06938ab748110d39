#include "modules/approval/operations/signing.hpp"

#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {
namespace {

/// 后加签 不同意: the task counts as not approved, whatever its holder decided.
Result<void> conclude_by_objection(db::Session& session, CaseWork& work, store::TaskRow& task,
                                   const store::TaskRow& signed_task, std::int64_t now_ms) {
    KAIGONG_TRY(model, work.model_of(task.element_id));
    const auto* outcome = model.rejecting_outcome();
    if (outcome == nullptr) throw std::logic_error("approval: signed after a task that can't be rejected");
    task.opinion = "后加签不同意：" + signed_task.opinion.value_or("");
    return conclude_task(session, work, task, model, *outcome, {*signed_task.actor_id, *signed_task.actor_name},
                         now_ms);
}

}  // namespace

Result<void> answer_question(db::Session& session, TaskWork& loaded, const Outcome& outcome, const Officer& officer,
                             std::int64_t now_ms) {
    auto& work = loaded.work;
    auto& task = loaded.task;
    const auto asked = *loaded.signers.question_of(task.task_id);
    end_task(task, performer_of(officer), outcome.code, outcome.label, task.opinion.value_or(""), now_ms);
    KAIGONG_CHECK(store::save_task(session, task));
    work.note("signer_answered", task.name + "：" + outcome.label, *task.opinion, false);
    auto parent = store::find_task(session, asked.parent_task_id);
    if (!parent) throw std::logic_error("approval: a signer without the task that he signs");
    if (asked.relation == kAfter && outcome.said == Said::reject) {
        return conclude_by_objection(session, work, *parent, task, now_ms);
    }
    // Whoever has the page of the task open reads the answer before he decides.
    KAIGONG_CHECK(store::save_task(session, *parent));
    return conclude_if_all_signed(session, work, *parent, now_ms);
}

Result<void> undo_decision(db::Session& session, store::TaskRow& task, const Signers& signers) {
    task.outcome.reset();
    task.outcome_label.reset();
    task.actor_id.reset();
    task.actor_name.reset();
    KAIGONG_CHECK(store::save_task(session, task));
    for (auto& signer : signers.pending_after(task.task_id)) {
        signer.task.state = "planned";
        KAIGONG_CHECK(store::save_task(session, signer.task));
    }
    return {};
}

Result<void> conclude_if_all_signed(db::Session& session, CaseWork& work, store::TaskRow& task, std::int64_t now_ms) {
    const auto signers = signers_of_case(session, task.application_id);
    if (!is_decided(task) || !signers.pending_after(task.task_id).empty()) return {};
    KAIGONG_TRY(model, work.model_of(task.element_id));
    const auto& outcome = *model.find_outcome(*task.outcome);
    const auto blocked = why_blocked(outcome, work.state().variables, work.items(),
                                     store::points_of(session, task.application_id), work.episodes());
    if (blocked) {
        work.note("decision_undone", task.name + "：请重新作出决定", *blocked, false);
        return undo_decision(session, task, signers);
    }
    return conclude_task(session, work, task, model, outcome, {*task.actor_id, *task.actor_name}, now_ms);
}

}  // namespace kaigong::approval::operations
