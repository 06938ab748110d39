// The applicant goes on after all. States.md A22: only what the window confirmed ends a case.
#include "modules/approval/asides.hpp"
#include "modules/approval/operations/asides.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

Result<void> take_back_withdrawal(db::Session& session, const Surroundings& surroundings,
                                  const std::string& application_id, std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, {"applicant", "申请人"}, now_ms));
    for (auto& task : store::tasks_of(session, application_id)) {
        if (task.kind != kWithdrawal || task.state != "open") continue;
        KAIGONG_CHECK(cancel_task(session, task, "申请人不再撤回", now_ms));
        work.note("withdrawal_taken_back", "申请人不再撤回，继续办理", "期限照常计算。", true);
        work.audit("approval.take_back_withdrawal", "申请人不再撤回，继续办理");
    }
    return work.save();
}

}  // namespace kaigong::approval::operations
