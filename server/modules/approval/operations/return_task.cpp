// 退回: states.md I13 (inside a department's branch) and A21 (from recheck or decision back to a department).
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/round_items.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/return_rules.hpp"

namespace kaigong::approval::operations {
namespace {

std::string_view to_string(bpmn::Onward onward) {
    return onward == bpmn::Onward::again ? "again" : "straight";
}

/// Each open task of the earlier step says why it is there again.
void mark_tasks(db::Session& session, const store::TaskRow& from, const Return& sent_back, const Officer& officer,
                std::int64_t now_ms) {
    for (const auto& task : store::tasks_of(session, from.application_id)) {
        if (task.state != "open" || task.element_id != sent_back.target) continue;
        store::insert_return(session, {task.task_id, task.application_id, from.task_id, from.name, officer.name,
                                       sent_back.reason, std::string(to_string(sent_back.onward)), now_ms});
    }
}

}  // namespace

Result<void> return_task(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnTask& on, const Return& sent_back) {
    KAIGONG_TRY(loaded, load_task_to_do(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    auto& task = loaded.task;
    if (sent_back.reason.empty()) {
        return invalid_field("reason", "approval.reason_missing", "退回必须写明理由，请填写后再提交。");
    }
    KAIGONG_CHECK(must_be_of_the_process(task, loaded.signers));
    KAIGONG_CHECK(must_be_undecided(task));
    KAIGONG_TRY(undoes_conclusion, may_return_to(work.process(), work.state(), task.token, sent_back.target));
    KAIGONG_TRY(move, bpmn::plan_return(work.process(), work.state(), task.token, sent_back.target, sent_back.onward,
                                        kReturnedOutcome));
    const auto target_name = work.name_of(sent_back.target);
    end_task(task, performer_of(officer), kReturnedOutcome, "退回至“" + target_name + "”", sent_back.reason, on.now_ms);
    KAIGONG_CHECK(save_seen(session, task, on));
    record_act(session, task, officer, on, {.act = "return", .reason = sent_back.reason});
    if (undoes_conclusion && work.application_state() == ApplicationState::awaiting_decision) {
        KAIGONG_CHECK(work.apply_application_event("return_to_item"));
    }
    KAIGONG_CHECK(work.run(move, Writer::office));
    KAIGONG_CHECK(open_items_that_waited(session, work));
    mark_tasks(session, task, sent_back, officer, on.now_ms);
    work.note("task_returned", task.name + "退回至“" + target_name + "”", sent_back.reason, false);
    work.audit("approval.return_task", task.name + "退回至：" + target_name);
    return work.save();
}

}  // namespace kaigong::approval::operations
