#include <algorithm>

#include "modules/approval/commitments.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {
namespace {

void record_answers(db::Session& session, const applications::Submission& submission) {
    for (auto& point : store::points_of(session, submission.application_id.text)) {
        if (point.state != "asked") continue;
        for (const auto& answer : submission.answers) {
            const auto& object = answer.as_object();
            if (object.at("point_id").as_string() == point.point_id) point.answer = object.at("answer").as_string();
        }
        point.state = "answered";
        store::save_point(session, point);
    }
}

/// An answer to what was asked in the middle of the review: no step of the process waits for it, the items do (A17,
/// I6).
Result<void> take_late_answer(db::Session& session, CaseWork& work, const applications::Submission& submission) {
    record_answers(session, submission);
    work.procedure().round = submission.round;
    KAIGONG_CHECK(work.apply_application_event("resubmit"));
    follow_filing(session, work, submission);
    for (const auto& item : std::vector(work.items())) {
        if (item.state != to_string(ItemState::needs_correction)) continue;
        KAIGONG_CHECK(work.apply_item_event(item.item, "points_answered"));
        work.note("points_answered", item.name + "：补正已收到，继续审查",
                  "只有要求补正的部门事项重新审查，其他部门的结论不变。", false);
    }
    work.tell_letter("materials_receipt");
    KAIGONG_CHECK(work.run(bpmn::SetVariables{{{"round", submission.round}}}, Writer::office));
    work.audit("approval.take_resubmission", "申请人提交补正");
    return work.save();
}

}  // namespace

Result<void> take_resubmission(db::Session& session, const Surroundings& surroundings,
                               const applications::Submission& submission, std::int64_t now_ms) {
    KAIGONG_TRY(work,
                open_case(session, surroundings, submission.application_id.text, {"applicant", "申请人"}, now_ms));
    const auto tasks = store::tasks_of(session, submission.application_id.text);
    const auto found =
        std::ranges::find_if(tasks, [](const auto& task) { return task.kind == "correct" && task.state == "open"; });
    const bool is_late = work.application_state() == ApplicationState::accepted &&
                         work.procedure().correction_opened_at_ms && submission.round > work.procedure().round;
    if (is_late) return take_late_answer(session, work, submission);
    // Delivered again, or the case ended meanwhile (whichever was recorded first wins).
    if (found == tasks.end()) return work.save();
    auto task = *found;
    task.state = "completed";
    task.actor_name = "申请人";
    task.outcome = "resubmitted";
    task.outcome_label = "已补正";
    task.completed_at_ms = now_ms;
    KAIGONG_CHECK(store::save_task(session, task));
    record_answers(session, submission);
    work.procedure().round = submission.round;
    follow_filing(session, work, submission);
    KAIGONG_CHECK(work.run(
        bpmn::CompleteTask{task.token,
                           {{variable_stem(task.element_id) + "_outcome", "resubmitted"}, {"round", submission.round}}},
        Writer::office));
    work.audit("approval.take_resubmission", "申请人提交补正");
    return work.save();
}

}  // namespace kaigong::approval::operations
