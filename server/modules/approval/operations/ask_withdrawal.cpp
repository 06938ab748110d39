// 撤件: the applicant asks, the window confirms. States.md A22.
#include "modules/approval/asides.hpp"
#include "modules/approval/operations/asides.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

Result<void> ask_withdrawal(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                            std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, {"applicant", "申请人"}, now_ms));
    // A decision that was recorded first wins; the applicant sees it on his page.
    const bool has_asked = has_open_aside(session, application_id, kWithdrawal);
    if (has_ended(work.application_state()) || has_asked) return work.save();
    open_aside(session, work, kWithdrawal, 0, now_ms);
    work.note("withdrawal_asked", "申请人请求撤回申请", "窗口确认后办件结束；确认之前照常办理。", true);
    work.audit("approval.ask_withdrawal", "申请人请求撤回申请");
    return work.save();
}

}  // namespace kaigong::approval::operations
