#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

Result<void> withdraw(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                      std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, {"applicant", "申请人"}, now_ms));
    // A decision that was recorded first wins; the applicant sees it on his page.
    if (has_ended(work.application_state())) return {};
    KAIGONG_CHECK(work.end_by("withdraw_application", "withdrawn"));
    work.tell_letter("withdrawal_confirmation");
    work.audit("approval.withdraw", "申请人撤回申请");
    return work.save();
}

}  // namespace kaigong::approval::operations
