#include "modules/approval/operations/reopening.hpp"

#include "engine/bpmn/returning.hpp"
#include "modules/approval/return_rules.hpp"
#include "modules/approval/take_back_rules.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr const char* kReopened = "reopened";

}  // namespace

Error reopen_impossible() {
    return error(Errc::conflict, "approval.reopen_impossible",
                 "这个部门事项后面已经没有可以撤销的步骤，不能重新审查。请由正在办理的人退回。");
}

std::optional<store::TaskRow> concluding_task(db::Session& session, const OnItem& on) {
    std::optional<store::TaskRow> last;
    for (const auto& task : store::tasks_of(session, on.application_id)) {
        if (task.item != on.item || task.kind != "review" || task.state != "completed") continue;
        if (!last || task.completed_at_ms >= last->completed_at_ms) last = task;
    }
    return last;
}

Result<void> must_be_concluded(const store::ItemRow& item) {
    if (next_state(parse_item_state(item.state).value(), "reopen")) return {};
    return error(Errc::conflict, "approval.item_not_concluded",
                 "这个部门事项现在是“" + std::string(display_name(parse_item_state(item.state).value())) +
                     "”，没有可以重新审查的结论。");
}

Result<Reopening> plan_reopening(const CaseWork& work, const store::TaskRow& concluded) {
    const auto token = standing_behind(work.process(), work.state(), concluded.element_id);
    if (!token) return reopen_impossible();
    KAIGONG_TRY(undoes_conclusion, may_return_to(work.process(), work.state(), *token, concluded.element_id));
    KAIGONG_TRY(move, bpmn::plan_return(work.process(), work.state(), *token, concluded.element_id, bpmn::Onward::again,
                                        kReopened));
    return Reopening{std::move(move), undoes_conclusion};
}

Result<void> open_again(CaseWork& work, const OnItem& on, const Reopening& plan) {
    if (plan.undoes_conclusion && work.application_state() == ApplicationState::awaiting_decision) {
        KAIGONG_CHECK(work.apply_application_event("return_to_item"));
    }
    KAIGONG_CHECK(work.apply_item_event(on.item, "reopen"));
    return work.run(plan.move, Writer::office);
}

void mark_reopened(db::Session& session, const store::TaskRow& concluded, const SentBack& sent_back,
                   std::int64_t now_ms) {
    for (const auto& task : store::tasks_of(session, concluded.application_id)) {
        if (task.state != "open" || task.element_id != concluded.element_id) continue;
        store::insert_return(session, {task.task_id, task.application_id, sent_back.from_task_id, sent_back.from_name,
                                       sent_back.returned_by, sent_back.reason, "again", now_ms});
    }
}

}  // namespace kaigong::approval::operations
