#include "modules/approval/operations/expediting.hpp"
#include "modules/approval/operations/task_access.hpp"

namespace kaigong::approval::operations {

Result<void> answer_expedite_order(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                                   const std::string& answer) {
    KAIGONG_TRY(loaded, load_held_task(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    const auto& task = loaded.task;
    KAIGONG_CHECK(must_be_seen(session, task, on));
    const auto order = store::open_order_of_task(session, task.task_id);
    if (!order) {
        return error(Errc::conflict, "approval.expedite_not_open", "这个任务没有等您回复的督办单，请刷新页面。");
    }
    store::answer_order(session, order->order_id, answer, officer.name, on.now_ms);
    std::optional<Performer> issuer;
    if (order->issued_by_id) issuer = Performer{*order->issued_by_id, order->issued_by};
    record_act(session, task, officer, on, {.act = "answer_expedite", .reason = answer, .to = issuer});
    work.note("expedite_order_answered", "督办单 " + order->order_number + "已回复", answer, false);
    work.audit("approval.answer_expedite_order", "回复督办：" + task.name);
    return work.save();
}

}  // namespace kaigong::approval::operations
