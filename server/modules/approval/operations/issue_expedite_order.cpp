#include <stdexcept>

#include "modules/approval/clock_projection.hpp"
#include "modules/approval/expedite_rules.hpp"
#include "modules/approval/operations/expediting.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/oversight_access.hpp"

namespace kaigong::approval::operations {
Result<void> issue_expedite_order(db::Session& session, const Surroundings& surroundings,
                                  const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                                  const Demand& demand) {
    KAIGONG_TRY(loaded, load_task_to_expedite(session, surroundings, permissions, officer, on));
    auto& work = loaded.work;
    const auto& task = loaded.task;
    KAIGONG_CHECK(must_be_seen(session, task, on));
    const auto& procedure = work.procedure();
    KAIGONG_TRY(matter, surroundings.catalog.load_matter(procedure.matter_code, procedure.catalog_version));
    const auto statutory =
        read_statutory(*matter, store::clock_of(session, on.application_id), work.calendar(), on.now_ms);
    KAIGONG_CHECK(may_expedite_now(task, {officer.actor.account_id.text, oversees_authority(officer.actor),
                                          store::open_order_of_task(session, task.task_id).has_value(), statutory}));
    const auto order = order_of(session, work, *matter, task, performer_of(officer), demand, on.now_ms);
    // The lock on the case came first, so nobody sent one since.
    if (!store::insert_order(session, order)) throw std::logic_error("approval: a task with two open orders");
    std::optional<Performer> holder;
    if (task.assignee_id) holder = Performer{*task.assignee_id, task.assignee_name.value_or("")};
    record_act(session, task, officer, on, {.act = "expedite", .reason = demand.text, .to = holder});
    work.note("expedite_order_issued", "督办单 " + order.order_number + "：督办“" + task.name + "”",
              demand.text + "（" + order.answer_by_on + "前回复）", false);
    work.audit("approval.issue_expedite_order", "督办：" + task.name);
    return work.save();
}

}  // namespace kaigong::approval::operations
