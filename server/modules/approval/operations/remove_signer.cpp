// 减签, and the end of a 委派 before its answer.
#include <algorithm>

#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/signing.hpp"

namespace kaigong::approval::operations {

Result<void> remove_signer(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const std::string& signer_task_id, const std::string& reason) {
    KAIGONG_TRY(loaded, load_held_task(session, surroundings, permissions, officer, on));
    auto& task = loaded.task;
    if (reason.empty()) {
        return invalid_field("reason", "approval.reason_missing", "减签必须写明理由，请填写后再提交。");
    }
    const auto pending = loaded.signers.pending_of(task.task_id);
    const auto found =
        std::ranges::find_if(pending, [&](const auto& one) { return one.task.task_id == signer_task_id; });
    if (found == pending.end()) {
        return error(Errc::conflict, "approval.signer_gone", "对方已经办理，或已被减签。请刷新页面查看。");
    }
    auto signer = found->task;
    KAIGONG_CHECK(cancel_task(session, signer, "signer_removed", on.now_ms));
    KAIGONG_CHECK(save_seen(session, task, on));
    const Performer removed{signer.assignee_id.value_or(""), signer.assignee_name.value_or("")};
    record_act(session, task, officer, on, {.act = "remove_signer", .reason = reason, .from = removed});
    loaded.work.note("signer_removed", task.name + "不再征求" + removed.name + "的意见", reason, false);
    KAIGONG_CHECK(conclude_if_all_signed(session, loaded.work, task, on.now_ms));
    loaded.work.audit("approval.remove_signer", task.name + "减签：" + removed.name);
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
