#include <algorithm>

#include "modules/approval/commitments.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/round_items.hpp"

namespace kaigong::approval::operations {
namespace {

/// Gives the points that were to be answered.
std::vector<store::PointRow> record_answers(db::Session& session, const applications::Submission& submission) {
    std::vector<store::PointRow> asked;
    for (auto& point : store::points_of(session, submission.application_id.text)) {
        if (point.state != "asked") continue;
        for (const auto& answer : submission.answers) {
            const auto& object = answer.as_object();
            if (object.at("point_id").as_string() == point.point_id) point.answer = object.at("answer").as_string();
        }
        point.state = "answered";
        store::save_point(session, point);
        asked.push_back(std::move(point));
    }
    return asked;
}

/// What the process knows of the round.
boost::json::object variables_of(const CaseWork& work) {
    return {{"round", work.procedure().round}, {"required_items", required_items_of(work)}};
}

/// An answer to what was asked in the middle of the review: no step of the process waits for it, the items do (A17,
/// I6).
Result<void> take_late_answer(db::Session& session, CaseWork& work, const applications::Submission& submission,
                              const applications::RoundChanges& changes, std::int64_t now_ms) {
    const Answered answered{changes, record_answers(session, submission), now_ms};
    work.procedure().round = submission.round;
    KAIGONG_CHECK(work.apply_application_event("resubmit"));
    follow_filing(session, work, submission);
    KAIGONG_CHECK(settle_items(session, work, answered));
    work.tell_letter("materials_receipt");
    KAIGONG_CHECK(work.run(bpmn::SetVariables{variables_of(work)}, Writer::office));
    work.audit("approval.take_resubmission", "申请人提交补正");
    return work.save();
}

}  // namespace

Result<void> take_resubmission(db::Session& session, const Surroundings& surroundings,
                               const applications::Submission& submission, const applications::RoundChanges& changes,
                               std::int64_t now_ms) {
    KAIGONG_TRY(work,
                open_case(session, surroundings, submission.application_id.text, {"applicant", "申请人"}, now_ms));
    const auto tasks = store::tasks_of(session, submission.application_id.text);
    const auto found =
        std::ranges::find_if(tasks, [](const auto& task) { return task.kind == "correct" && task.state == "open"; });
    const bool is_late = work.application_state() == ApplicationState::accepted &&
                         work.procedure().correction_opened_at_ms && submission.round > work.procedure().round;
    if (is_late) return take_late_answer(session, work, submission, changes, now_ms);
    // Delivered again, or the case ended meanwhile (whichever was recorded first wins).
    if (found == tasks.end()) return work.save();
    auto task = *found;
    task.state = "completed";
    task.actor_name = "申请人";
    task.outcome = "resubmitted";
    task.outcome_label = "已补正";
    task.completed_at_ms = now_ms;
    KAIGONG_CHECK(store::save_task(session, task));
    const Answered answered{changes, record_answers(session, submission), now_ms};
    work.procedure().round = submission.round;
    follow_filing(session, work, submission);
    KAIGONG_CHECK(settle_items(session, work, answered));
    auto variables = variables_of(work);
    variables[variable_stem(task.element_id) + "_outcome"] = "resubmitted";
    KAIGONG_CHECK(work.run(bpmn::CompleteTask{task.token, std::move(variables)}, Writer::office));
    work.audit("approval.take_resubmission", "申请人提交补正");
    return work.save();
}

}  // namespace kaigong::approval::operations
