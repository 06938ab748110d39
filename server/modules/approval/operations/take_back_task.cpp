// 撤回: states.md I12.
#include <algorithm>

#include "engine/bpmn/returning.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/signing.hpp"
#include "modules/approval/take_back_rules.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr const char* kTakenBack = "taken_back";

/// The points that he recorded with it go too, and his item's state.
Result<void> undo_record(db::Session& session, CaseWork& work, const store::TaskRow& task) {
    for (auto& point : store::points_of(session, task.application_id)) {
        const bool is_his = point.item == task.item && point.recorded_at_ms == task.completed_at_ms &&
                            point.recorded_by == task.actor_name;
        if (!is_his || point.state != "recorded") continue;
        point.state = "withdrawn";
        store::save_point(session, point);
    }
    KAIGONG_TRY(model, work.model_of(task.element_id));
    const auto* outcome = model.find_outcome(task.outcome.value_or(""));
    const bool changed_item = outcome != nullptr && is_item_event(outcome->event);
    return changed_item ? work.apply_item_event(task.item, "take_back") : Result<void>();
}

/// It is his again, not his group's.
Result<void> give_to(db::Session& session, const Officer& officer, const store::TaskRow& done) {
    for (auto& task : store::tasks_of(session, done.application_id)) {
        if (task.state != "open" || task.element_id != done.element_id) continue;
        task.assignee_id = officer.holder().account_id.text;
        task.assignee_name = officer.holder_name();
        KAIGONG_CHECK(store::save_task(session, task));
    }
    return {};
}

Result<void> undo_task(db::Session& session, CaseWork& work, const Officer& officer, const store::TaskRow& task,
                       const TakeBack& how) {
    if (how.undoes_conclusion && work.application_state() == ApplicationState::awaiting_decision) {
        KAIGONG_CHECK(work.apply_application_event("return_to_item"));
    }
    KAIGONG_CHECK(undo_record(session, work, task));
    KAIGONG_TRY(move, bpmn::plan_return(work.process(), work.state(), how.token, task.element_id, bpmn::Onward::again,
                                        kTakenBack));
    work.give_to_nobody();
    KAIGONG_CHECK(work.run(move, Writer::office));
    return give_to(session, officer, task);
}

}  // namespace

Result<void> take_back_task(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                            const std::string& reason) {
    KAIGONG_TRY(loaded, load_task_for(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    auto& task = loaded.task;
    if (reason.empty()) {
        return invalid_field("reason", "approval.reason_missing", "撤回必须写明理由，请填写后再提交。");
    }
    KAIGONG_TRY(how, may_take_back(work.process(), work.state(), officer.actor.account_id.text, task,
                                   store::tasks_of(session, on.application_id), loaded.signers));
    record_act(session, task, officer, on, {.act = "take_back", .reason = reason});
    if (how.token == 0) {
        task.version = on.version;
        KAIGONG_CHECK(undo_decision(session, task, loaded.signers));
    } else {
        // Marked in the next version of what he saw, so that who takes it back twice is told.
        KAIGONG_CHECK(save_seen(session, task, on));
        KAIGONG_CHECK(undo_task(session, work, officer, task, how));
    }
    work.note("task_taken_back", officer.name + "撤回了“" + task.name + "”", reason, false);
    work.audit("approval.take_back_task", "撤回：" + task.name);
    return work.save();
}

}  // namespace kaigong::approval::operations
