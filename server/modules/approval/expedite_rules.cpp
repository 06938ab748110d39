#include "modules/approval/expedite_rules.hpp"

#include "modules/approval/task_rules.hpp"

namespace kaigong::approval {

Result<void> may_expedite_now(const store::TaskRow& task, const Expediting& asked) {
    KAIGONG_CHECK(must_be_open(task));
    if (task.assignee_id == asked.account_id) {
        return error(Errc::conflict, "approval.expedite_oneself", "这个任务就在您名下，直接办理即可，不用督办。");
    }
    if (asked.has_open_order) {
        return error(Errc::conflict, "approval.expedite_open",
                     "这个任务已有一张督办单在等回复，请先看回复；急需办理的，可以指派他人。");
    }
    const bool is_near = !asked.clock.stopped && asked.clock.light != clock::Light::green;
    if (asked.leads_authority || is_near) return {};
    return error(Errc::conflict, "approval.expedite_early",
                 "离到期还早，暂不需要督办单；可以先催办。黄灯或红灯时科室负责人可以督办，局领导随时可以督办。");
}

}  // namespace kaigong::approval
