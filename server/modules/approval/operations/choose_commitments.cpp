#include "modules/approval/operations/choose_commitments.hpp"

#include "modules/approval/commitments.hpp"

namespace kaigong::approval::operations {

Result<void> choose_commitments(db::Session& session, const Surroundings& surroundings,
                                const applications::Submission& submission, std::int64_t now_ms) {
    if (promised_materials(submission).empty()) return {};
    KAIGONG_TRY(work,
                open_case(session, surroundings, submission.application_id.text, {"applicant", "申请人"}, now_ms));
    follow_filing(session, work, submission);
    return work.save();
}

}  // namespace kaigong::approval::operations
