#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

Result<void> complete_job(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                          const std::string& job_id, std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, system_performer(), now_ms));
    const auto job = store::find_job(session, job_id);
    if (!job || job->state != "open") return work.save();
    store::end_job(session, job_id, "done", std::nullopt, now_ms);
    // A letter that stands at a job goes out when the job is done: the grant's not before its certificate is published.
    const auto letter = work.letter_at(job->token);
    KAIGONG_CHECK(work.run(bpmn::CompleteJob{job->token, {}}));
    if (!letter.empty() && job->job_type != "letters.issue") work.tell_letter(letter);
    return work.save();
}

Result<void> fail_job(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                      const std::string& job_id, const std::string& reason, const std::string& message,
                      std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, system_performer(), now_ms));
    const auto job = store::find_job(session, job_id);
    if (!job || job->state != "open") return work.save();
    store::end_job(session, job_id, "failed", reason, now_ms);
    KAIGONG_CHECK(work.run(bpmn::FailJob{job->token, message}));
    work.audit("approval.fail_job", "后续步骤未能完成，等待处理");
    return work.save();
}

}  // namespace kaigong::approval::operations
