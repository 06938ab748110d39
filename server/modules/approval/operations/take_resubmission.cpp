#include <algorithm>

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

}  // namespace

Result<void> take_resubmission(db::Session& session, const Surroundings& surroundings,
                               const applications::Submission& submission, std::int64_t now_ms) {
    KAIGONG_TRY(work,
                open_case(session, surroundings, submission.application_id.text, {"applicant", "申请人"}, now_ms));
    const auto tasks = store::tasks_of(session, submission.application_id.text);
    const auto found =
        std::ranges::find_if(tasks, [](const auto& task) { return task.kind == "correct" && task.state == "open"; });
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
    KAIGONG_CHECK(work.run(
        bpmn::CompleteTask{task.token,
                           {{variable_stem(task.element_id) + "_outcome", "resubmitted"}, {"round", submission.round}}},
        Writer::office));
    work.audit("approval.take_resubmission", "申请人提交补正");
    return work.save();
}

}  // namespace kaigong::approval::operations
