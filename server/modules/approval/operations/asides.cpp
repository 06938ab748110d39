// Tasks beside the process: opened, and what their end means. States.md A22, A25, A26.
#include <fmt/format.h>

#include <algorithm>

#include "base/chinese_format.hpp"
#include "base/id.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/commitments.hpp"
#include "modules/approval/episodes.hpp"
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

/// 优化营商环境条例 40. Revoking is a procedure of its own (行政许可法 69): the record names it as what comes next.
Result<void> judge_commitment(db::Session& session, CaseWork& work, const store::TaskRow& task,
                              const Outcome& outcome) {
    auto episode = episode_of(work, task);
    const auto material = material_name(work.matter(), episode.material_code);
    const auto opinion = task.opinion.value_or("");
    if (outcome.code == kCommitmentTrue) {
        work.end_episode(std::move(episode), "核查属实");
        work.note("commitment_true", "承诺经核查属实：" + material, opinion, true);
        work.audit("approval.check_commitment", "承诺核查属实：" + material);
        return {};
    }
    const auto days = supplement_working_days(work.matter());
    store::EpisodeRow order;
    order.kind = kSupplement;
    order.item = episode.item;
    order.material_code = episode.material_code;
    order.reason = opinion;
    order.legal_basis = "优化营商环境条例 40；行政许可法 69";
    order.working_days = days;
    order.due_on = to_string(work.calendar().add_working_days(work.today(), days).value);
    const auto due_on = date_weekday_text(parse_date(*order.due_on).value());
    episode.state = kFailed;
    episode.ended_at_ms = task.completed_at_ms;
    episode.ended_by = task.actor_name;
    episode.result = "核查不实：" + opinion;
    store::save_episode(session, episode);
    work.tell_letter("supplement_order", work.begin_episode(std::move(order)));
    work.note(
        "check_failed", "承诺经核查不实：" + material,
        fmt::format("{}\n请在{}前补交这份材料。下一步：本机关依行政许可法第六十九条办理撤销许可，并记入信用记录。",
                    opinion, due_on),
        true);
    work.audit("approval.check_failed", "承诺核查不实：" + material);
    return {};
}

store::TaskRow new_aside(const CaseWork& work, std::string_view kind, std::int64_t episode_no, std::int64_t now_ms) {
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
    task.confidentiality = procedure.confidentiality;
    task.works_name = procedure.works_name;
    task.owner_name = procedure.owner_name;
    task.due_at_ms = procedure.due_at_ms.value_or(procedure.intake_due_at_ms);
    return task;
}

}  // namespace

void open_aside(db::Session& session, const CaseWork& work, std::string_view kind, std::int64_t episode_no,
                std::int64_t now_ms) {
    store::insert_task(session, new_aside(work, kind, episode_no, now_ms));
}

void open_commitment_check(db::Session& session, const CaseWork& work, const store::EpisodeRow& episode,
                           std::int64_t now_ms) {
    auto task = new_aside(work, kCommitmentCheck, episode.episode_no, now_ms);
    const auto item = std::ranges::find(work.items(), episode.item, &store::ItemRow::item);
    task.name += "：" + material_name(work.matter(), episode.material_code);
    task.item = episode.item;
    task.candidate_group = item->department + ":" + std::string(to_string(authz::Role::reviewer));
    task.due_at_ms = office_midnight_ms(add_days(parse_date(*episode.due_on).value(), 1));
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
    if (task.kind == kWithdrawal) return confirm_withdrawal(work);
    if (task.kind == kCommitmentCheck) return judge_commitment(session, work, task, outcome);
    return judge_paper(session, work, task, outcome);
}

}  // namespace kaigong::approval::operations
