#include <boost/json.hpp>

#include <algorithm>

#include "modules/approval/asides.hpp"
#include "modules/approval/choice.hpp"
#include "modules/approval/countersign.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/operations/asides.hpp"
#include "modules/approval/operations/omissions.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/round_items.hpp"
#include "modules/approval/operations/sections.hpp"
#include "modules/approval/operations/signing.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {
namespace {

Result<void> check_completion(const Outcome& outcome, const Completion& completion) {
    if (outcome.reason_required && completion.opinion.empty()) {
        return invalid_field("opinion", "approval.opinion_missing",
                             "“" + outcome.label + "”必须写明理由，请在意见栏填写后再提交。");
    }
    if (outcome.points_required && completion.points.empty()) {
        return invalid_field("points", "approval.points_missing",
                             "请至少写明一条补正要求：哪里不对、怎样改正、依据是什么。");
    }
    if (!outcome.points_allowed && !completion.points.empty()) {
        return invalid_field("points", "approval.points_not_allowed",
                             "“" + outcome.label + "”不能附补正要求。需要补正请改选补正，或删去要求。");
    }
    if (outcome.omissions_required && completion.omissions.empty()) {
        return invalid_field("omissions", "approval.omissions_missing", "请写明容缺的是哪一份材料、什么时候补交。");
    }
    if (!outcome.omissions_required && !completion.omissions.empty()) {
        return invalid_field("omissions", "approval.omissions_not_allowed",
                             "“" + outcome.label + "”不能附容缺材料。需要容缺请改选容缺受理。");
    }
    return {};
}

void record_points(db::Session& session, const store::ProcedureRow& procedure, const store::TaskRow& task,
                   const std::vector<store::ItemRow>& items, const Completion& completion, const Officer& officer,
                   std::int64_t now_ms) {
    const auto item = std::ranges::find(items, task.item, &store::ItemRow::item);
    const std::string department = item == items.end() ? "综合窗口" : item->department_name;
    for (const auto& point : completion.points) {
        store::insert_point(session, {new_uuid(now_ms), procedure.application_id, procedure.round, task.item,
                                      department, point.field, point.material_code, point.what, point.how_to_mend,
                                      point.legal_basis, "recorded", std::nullopt, officer.name, now_ms});
    }
}

/// A department concludes when its special procedure has ended, the answer has come, and what comes first is judged.
Result<void> must_not_wait_with_item(const CaseWork& work, const store::TaskRow& task) {
    const auto item = std::ranges::find(work.items(), task.item, &store::ItemRow::item);
    if (task.kind != "review" || item == work.items().end()) return {};
    return must_not_wait(*item, work.items(), work.episodes(), work.matter());
}

std::string serialized(const std::vector<std::string>& codes) {
    return boost::json::serialize(boost::json::value_from(codes));
}

/// 后加签: his decision stands, and counts when they all agree.
Result<void> let_others_sign(db::Session& session, TaskWork& loaded, const Outcome& outcome, const Officer& officer,
                             std::int64_t now_ms) {
    auto& task = loaded.task;
    task.actor_id = officer.actor.account_id.text;
    task.actor_name = officer.name;
    task.assignee_id = officer.holder().account_id.text;
    task.assignee_name = officer.holder_name();
    task.outcome = outcome.code;
    task.outcome_label = outcome.label;
    KAIGONG_CHECK(store::save_task(session, task));
    for (auto& signer : loaded.signers.pending_after(task.task_id)) {
        signer.task.state = "open";
        signer.task.created_at_ms = now_ms;
        KAIGONG_CHECK(store::save_task(session, signer.task));
    }
    loaded.work.note("task_decided", task.name + "：" + outcome.label + "，等待后加签", task.opinion.value_or(""),
                     false);
    return {};
}

/// Who is chosen must be able to do that task once this one is done.
Result<void> check_choice(db::Session& session, const authz::Permissions& permissions, const TaskWork& loaded,
                          const Outcome& outcome, const Officer& officer, const Completion& completion) {
    if (outcome.chooses.empty()) {
        if (!completion.chosen) return {};
        return invalid_field("chosen", "approval.chosen_not_allowed",
                             "“" + outcome.label + "”不选定下一步的人，请去掉选定的人再提交。");
    }
    if (!completion.chosen) {
        return invalid_field("chosen", "approval.chosen_missing", "请选定下一步由谁办理，再提交。");
    }
    KAIGONG_TRY(choice, choice_of(loaded.work.process(), loaded.work.state().variables, loaded.task, outcome,
                                  officer.actor.account_id, store::tasks_of(session, loaded.task.application_id)));
    const Signers signers({}, choice.tasks);
    const auto acts = store::acts_of(session, loaded.task.application_id);
    const auto may =
        may_do(permissions, *completion.chosen, {choice.task, choice.tasks, signers, acts, loaded.work.applicant()});
    if (may) return {};
    return invalid_field("chosen", may.error().reason, may.error().message);
}

}  // namespace

Result<Outcome> may_finish_task(db::Session& session, const authz::Permissions& permissions, const TaskWork& loaded,
                                const Officer& officer, const OnTask& on, const Completion& completion) {
    const auto& work = loaded.work;
    const auto& task = loaded.task;
    KAIGONG_TRY(model, loaded.model());
    const auto* outcome = model.find_outcome(completion.outcome);
    if (outcome == nullptr) {
        return invalid_field("outcome", "approval.outcome_unknown", "这个任务没有这种结果，请刷新页面后重新选择。");
    }
    KAIGONG_CHECK(must_be_undecided(task));
    KAIGONG_CHECK(must_not_wait_for_signers(task, loaded.signers));
    KAIGONG_CHECK(must_not_have_voted(model, work.process(), work.state(), task, officer.accounts()));
    KAIGONG_CHECK(check_completion(*outcome, completion));
    KAIGONG_CHECK(points_must_be_on_changes(session, work, task.item, completion.points));
    KAIGONG_CHECK(check_choice(session, permissions, loaded, *outcome, officer, completion));
    KAIGONG_CHECK(must_be_seen(session, task, on));
    return *outcome;
}

Result<void> finish_task(db::Session& session, const authz::Permissions& permissions, TaskWork& loaded,
                         const Officer& officer, const OnTask& on, const Completion& completion) {
    auto& work = loaded.work;
    auto& task = loaded.task;
    KAIGONG_TRY(model, loaded.model());
    KAIGONG_TRY(outcome, may_finish_task(session, permissions, loaded, officer, on, completion));
    task.opinion = completion.opinion;
    task.checked = serialized(completion.checked);
    std::optional<Performer> chosen;
    if (completion.chosen) chosen = performer_of(*completion.chosen);
    record_act(session, task, officer, on, {.act = "complete", .reason = completion.opinion, .to = chosen});
    if (is_aside(task.element_id)) {
        return conclude_aside(session, work, task, outcome, officer, on.now_ms);
    }
    if (loaded.signers.question_of(task.task_id) != nullptr) {
        return answer_question(session, loaded, outcome, officer, on.now_ms);
    }
    KAIGONG_CHECK(settle_sections(session, loaded, outcome, officer, on));
    record_points(session, work.procedure(), task, work.items(), completion, officer, on.now_ms);
    KAIGONG_CHECK(must_not_wait_with_item(work, task));
    KAIGONG_CHECK(tolerate(work, completion.omissions));
    if (const auto blocked = why_blocked(outcome, work.state().variables, work.items(),
                                         store::points_of(session, on.application_id), work.episodes())) {
        return error(Errc::conflict, "approval.outcome_blocked", *blocked);
    }
    const bool others_sign = outcome.said == Said::approve && !loaded.signers.pending_after(task.task_id).empty();
    if (others_sign) return let_others_sign(session, loaded, outcome, officer, on.now_ms);
    KAIGONG_CHECK(conclude_task(session, work, task, model, outcome, performer_of(officer), on.now_ms));
    return open_items_that_waited(session, work);
}

Result<void> complete_task(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const Completion& completion) {
    KAIGONG_TRY(loaded, load_task_to_do(session, surroundings, permissions, officer, on));
    const bool is_asked = loaded.signers.question_of(loaded.task.task_id) != nullptr;
    if (!is_asked) KAIGONG_CHECK(must_sign_recently(officer.actor, loaded.task));
    KAIGONG_CHECK(finish_task(session, permissions, loaded, officer, on, completion));
    loaded.work.audit("approval.complete_task", loaded.task.name + "：" + loaded.task.outcome_label.value_or(""));
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
