// The end of a task: what it means for its item, and for the process.
#include <algorithm>

#include "modules/approval/countersign.hpp"
#include "modules/approval/operations/task_access.hpp"

namespace kaigong::approval::operations {
namespace {

/// What a department said in the end.
struct Conclusion {
    const Outcome* outcome = nullptr;
    std::string opinion;
};

void conclude_item(db::Session& session, CaseWork& work, const store::TaskRow& task, const Conclusion& conclusion) {
    const auto item = std::ranges::find(work.items(), task.item, &store::ItemRow::item);
    if (item == work.items().end() || task.kind != "review") return;
    item->outcome = conclusion.outcome->code;
    item->outcome_label = conclusion.outcome->label;
    item->opinion = conclusion.opinion;
    item->concluded_by = task.actor_name;
    item->concluded_at_ms = task.completed_at_ms;
    store::save_item(session, *item);
}

Result<void> cancel_pending_signers(db::Session& session, const store::TaskRow& task, std::int64_t now_ms) {
    const auto signers = signers_of_case(session, task.application_id);
    for (auto& signer : signers.pending_of(task.task_id)) {
        KAIGONG_CHECK(cancel_task(session, signer.task, "signer_not_needed", now_ms));
    }
    return {};
}

/// 会签: each with his name, in the order in which they voted.
std::string opinions_of(db::Session& session, const store::TaskRow& last, const Vote& vote) {
    std::string text;
    for (const auto& account : vote.voted) {
        const store::TaskRow* his = nullptr;
        const auto tasks = store::tasks_of(session, last.application_id);
        for (const auto& task : tasks) {
            const bool is_vote = task.element_id == last.element_id && task.state == "completed" &&
                                 task.actor_id == account && task.outcome_label;
            if (is_vote && (his == nullptr || task.completed_at_ms >= his->completed_at_ms)) his = &task;
        }
        if (his == nullptr) continue;
        text += (text.empty() ? "" : "\n") + his->actor_name.value_or("") + "：" + *his->outcome_label;
        if (!his->opinion.value_or("").empty()) text += "，" + *his->opinion;
    }
    return text;
}

Result<void> conclude(db::Session& session, CaseWork& work, const store::TaskRow& task, const Conclusion& conclusion) {
    if (is_item_event(conclusion.outcome->event)) {
        KAIGONG_CHECK(work.apply_item_event(task.item, conclusion.outcome->event));
    }
    conclude_item(session, work, task, conclusion);
    if (task.kind == "decide" || task.kind == "accept") work.procedure().decision_reason = conclusion.opinion;
    return {};
}

/// In whose place the task was decided.
std::optional<std::string> absent_in(db::Session& session, const store::TaskRow& task) {
    std::optional<std::string> absent;
    for (const auto& act : store::acts_of(session, task.application_id)) {
        if (act.task_id == task.task_id && act.act == "complete") absent = act.absent_id;
    }
    return absent;
}

/// Who was chosen with the outcome, for the tasks that it or another of them chooses for: what was chosen by an outcome
/// of before is over.
void write_choices(boost::json::object& variables, db::Session& session, const store::TaskRow& task,
                   const TaskModel& model, const Outcome& outcome) {
    std::optional<std::string> chosen;
    for (const auto& act : store::acts_of(session, task.application_id)) {
        if (act.task_id == task.task_id && act.act == "complete") chosen = act.to_id;
    }
    for (const auto& one : model.outcomes) {
        if (one.chooses.empty()) continue;
        auto& variable = variables[chosen_variable(one.chooses)];
        if (one.chooses == outcome.chooses && chosen) variable = *chosen;
    }
}

std::string role_of_group(const store::TaskRow& task) {
    return task.candidate_group.substr(task.candidate_group.find(':') + 1);
}

}  // namespace

Result<void> conclude_task(db::Session& session, CaseWork& work, store::TaskRow& task, const TaskModel& model,
                           const Outcome& outcome, const Performer& performer, std::int64_t now_ms) {
    end_task(task, performer, outcome.code, outcome.label, task.opinion.value_or(""), now_ms);
    KAIGONG_CHECK(store::save_task(session, task));
    KAIGONG_CHECK(cancel_pending_signers(session, task, now_ms));
    work.note("task_completed", task.name + "：" + outcome.label, task.opinion.value_or(""), false);
    const auto stem = variable_stem(task.element_id);
    boost::json::object variables{{stem + "_outcome", outcome.code}, {stem + "_by", performer.account_id}};
    write_choices(variables, session, task, model, outcome);
    if (!model.countersign) {
        KAIGONG_CHECK(conclude(session, work, task, {&outcome, task.opinion.value_or("")}));
    } else {
        auto vote = vote_with(vote_of(work.process(), work.state(), task), *model.countersign, performer.account_id,
                              role_of_group(task), outcome.said);
        if (const auto absent = absent_in(session, task)) vote.voted.push_back(*absent);
        variables[vote_variable(task.element_id)] = vote_json(vote);
        if (vote.verdict.fixed) {
            const auto* result = vote.verdict.approved ? model.approving_outcome() : model.rejecting_outcome();
            variables[stem + "_outcome"] = result->code;
            work.note("countersign_fixed", task.name + "会签结果：" + result->label, "", false);
            KAIGONG_CHECK(conclude(session, work, task, {result, opinions_of(session, task, vote)}));
        }
    }
    return work.run(bpmn::CompleteTask{task.token, std::move(variables)}, Writer::office);
}

}  // namespace kaigong::approval::operations
