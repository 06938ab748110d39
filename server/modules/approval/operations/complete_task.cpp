#include <boost/json.hpp>

#include <algorithm>

#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"
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

void conclude_item(db::Session& session, CaseWork& work, const store::TaskRow& task, const Outcome& outcome,
                   const Completion& completion, const Officer& officer, std::int64_t now_ms) {
    const auto item = std::ranges::find(work.items(), task.item, &store::ItemRow::item);
    if (item == work.items().end() || task.kind != "review") return;
    item->outcome = outcome.code;
    item->outcome_label = outcome.label;
    item->opinion = completion.opinion;
    item->concluded_by = officer.name;
    item->concluded_at_ms = now_ms;
    store::save_item(session, *item);
}

Result<void> close_task(db::Session& session, store::TaskRow& task, const Outcome& outcome,
                        const Completion& completion, const Officer& officer, std::int64_t now_ms) {
    boost::json::array checked;
    for (const auto& code : completion.checked) checked.emplace_back(code);
    end_task(task, officer, outcome.code, outcome.label, completion.opinion, now_ms);
    task.checked = boost::json::serialize(checked);
    return store::save_task(session, task);
}

}  // namespace

Result<void> complete_task(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer,
                           const std::string& application_id, const std::string& task_id, std::int64_t version,
                           const Completion& completion, std::int64_t now_ms) {
    KAIGONG_TRY(
        work, open_case(session, surroundings, application_id, {officer.actor.account_id.text, officer.name}, now_ms));
    KAIGONG_TRY(task, load_task_to_do(session, permissions, officer, work, task_id));
    KAIGONG_TRY(model, work.model_of(task.element_id));
    const auto* outcome = model.find_outcome(completion.outcome);
    if (outcome == nullptr) {
        return invalid_field("outcome", "approval.outcome_unknown", "这个任务没有这种结果，请刷新页面后重新选择。");
    }
    KAIGONG_CHECK(check_completion(*outcome, completion));
    record_points(session, work.procedure(), task, work.items(), completion, officer, now_ms);
    if (const auto blocked =
            why_blocked(*outcome, work.state().variables, work.items(), store::points_of(session, application_id))) {
        return error(Errc::conflict, "approval.outcome_blocked", *blocked);
    }
    task.version = version;
    KAIGONG_CHECK(close_task(session, task, *outcome, completion, officer, now_ms));
    if (is_item_event(outcome->event)) KAIGONG_CHECK(work.apply_item_event(task.item, outcome->event));
    conclude_item(session, work, task, *outcome, completion, officer, now_ms);
    if (task.kind == "decide" || task.kind == "accept") work.procedure().decision_reason = completion.opinion;
    work.note("task_completed", task.name + "：" + outcome->label, completion.opinion, false);
    const auto stem = variable_stem(task.element_id);
    KAIGONG_CHECK(work.run(
        bpmn::CompleteTask{task.token,
                           {{stem + "_outcome", outcome->code}, {stem + "_by", officer.actor.account_id.text}}},
        Writer::office));
    work.audit("approval.complete_task", task.name + "：" + outcome->label);
    return work.save();
}

}  // namespace kaigong::approval::operations
