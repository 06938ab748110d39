// Who leads a department has a concluded item judged once more: states.md I15, A21; product.md §2.11.
#include "modules/approval/operations/episode_access.hpp"
#include "modules/approval/operations/reopening.hpp"

namespace kaigong::approval::operations {

Result<void> reopen_item(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnItem& on, const std::string& reason) {
    KAIGONG_TRY(loaded, load_item_to_lead(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    KAIGONG_CHECK(must_say_why(reason, "重新审查"));
    KAIGONG_CHECK(must_not_be_on_hold(work.episodes()));
    KAIGONG_CHECK(must_be_concluded(loaded.item));
    const auto concluded = concluding_task(session, on);
    if (!concluded) return reopen_impossible();
    KAIGONG_TRY(plan, plan_reopening(work, *concluded));
    KAIGONG_CHECK(open_again(work, on, plan));
    mark_reopened(session, *concluded, {concluded->task_id, concluded->name, officer.name, reason}, on.now_ms);
    record_act(session, *concluded, officer, {on.application_id, concluded->task_id, concluded->version, on.now_ms},
               {.act = "reopen", .reason = reason});
    work.note("item_reopened", loaded.item.name + "重新审查", reason, false);
    work.audit("approval.reopen_item", loaded.item.name + "重新审查，理由：" + reason);
    return work.save();
}

}  // namespace kaigong::approval::operations
