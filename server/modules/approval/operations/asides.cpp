// Tasks beside the process: opened, and what their end means. States.md A22, A26.
#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {
namespace {

store::EpisodeRow episode_of(CaseWork& work, const store::TaskRow& task) {
    const auto number = episode_of_aside(task.element_id);
    for (auto& one : work.episodes()) {
        if (one.episode_no == number) return one;
    }
    throw std::logic_error("approval: a task of an episode that is not there");
}

/// Nothing was decided: the case ends, its papers go back.
Result<void> confirm_withdrawal(CaseWork& work) {
    KAIGONG_CHECK(work.end_by("withdraw_application", "withdrawn"));
    work.tell_letter("withdrawal_confirmation");
    work.audit("approval.withdraw", "确认申请人撤回申请");
    return {};
}

Result<void> judge_paper(db::Session& session, CaseWork& work, const store::TaskRow& task, const Outcome& outcome) {
    auto episode = episode_of(work, task);
    if (outcome.code == kPaperAccepted) {
        for (auto& one : work.episodes()) {
            const bool same = is_open(one) && one.material_code == episode.material_code;
            if (same) work.end_episode(std::move(one), "已补交，符合要求");
        }
        work.note("owed_paper_accepted", "补交的材料符合要求", task.opinion.value_or(""), true);
        return {};
    }
    episode.result.reset();
    store::save_episode(session, episode);
    work.note("owed_paper_refused", "补交的材料不符合要求，请重新补交", task.opinion.value_or(""), true);
    return {};
}

}  // namespace

void open_aside(db::Session& session, const CaseWork& work, std::string_view kind, std::int64_t episode_no,
                std::int64_t now_ms) {
    const auto& procedure = work.procedure();
    store::TaskRow task;
    task.task_id = new_uuid(now_ms);
    task.application_id = procedure.application_id;
    task.element_id = aside_element(kind, episode_no);
    task.name = aside_model(task.element_id).name;
    task.kind = kind;
    task.candidate_group = window_group(work.process());
    task.region_code = procedure.region_code;
    task.state = "open";
    task.created_at_ms = now_ms;
    task.application_number = procedure.application_number;
    task.matter_code = procedure.matter_code;
    task.works_name = procedure.works_name;
    task.owner_name = procedure.owner_name;
    task.due_at_ms = procedure.due_at_ms.value_or(procedure.intake_due_at_ms);
    store::insert_task(session, task);
}

bool has_open_aside(db::Session& session, const std::string& application_id, std::string_view kind) {
    const auto tasks = store::tasks_of(session, application_id);
    return std::ranges::any_of(tasks, [&](const auto& task) { return task.kind == kind && task.state == "open"; });
}

Result<void> conclude_aside(db::Session& session, CaseWork& work, store::TaskRow& task, const Outcome& outcome,
                            const Officer& officer, std::int64_t now_ms) {
    end_task(task, performer_of(officer), outcome.code, outcome.label, task.opinion.value_or(""), now_ms);
    KAIGONG_CHECK(store::save_task(session, task));
    work.note("task_completed", task.name + "：" + outcome.label, task.opinion.value_or(""), false);
    return task.kind == kWithdrawal ? confirm_withdrawal(work) : judge_paper(session, work, task, outcome);
}

}  // namespace kaigong::approval::operations
