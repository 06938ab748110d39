#include "modules/approval/operations/expediting.hpp"

#include <fmt/format.h>

#include "base/id.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/holding.hpp"
#include "modules/approval/warning_steps.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr const char* kLadderName = "时限预警";

/// What the task has been held for by whom it lies with now.
std::int64_t held_ms(db::Session& session, const catalog::Matter& matter, const calendar::Calendar& calendar,
                     const store::TaskRow& task, std::int64_t now_ms) {
    const auto& id = task.application_id;
    const auto tasks = store::tasks_of(session, id);
    const auto acts = store::acts_of(session, id);
    const auto signers = store::signers_of(session, id);
    const auto ledger = store::clock_of(session, id);
    const auto hours = office_hours_of(matter);
    std::int64_t sum = 0;
    for (const auto& hold : holds_of({tasks, acts, signers}, {ledger, hours, calendar, now_ms})) {
        if (hold.task_id == task.task_id && hold.holder_id == task.assignee_id) sum += hold.worked_ms;
    }
    return sum;
}

}  // namespace

store::OrderRow order_of(db::Session& session, CaseWork& work, const catalog::Matter& matter,
                         const store::TaskRow& task, const std::optional<Performer>& issuer, const Demand& demand,
                         std::int64_t now_ms) {
    const auto answer_by = work.calendar().add_working_days(office_date(now_ms), demand.answer_within_working_days);
    store::OrderRow row;
    row.order_id = new_uuid(now_ms);
    row.order_number =
        fmt::format("{}督{}", task.application_number, store::orders_of(session, task.application_id).size() + 1);
    row.application_id = task.application_id;
    row.application_number = task.application_number;
    row.works_name = task.works_name;
    row.task_id = task.task_id;
    row.open_task_id = task.task_id;
    row.task_name = task.name;
    row.region_code = task.region_code;
    row.department = department_of(task);
    if (issuer) row.issued_by_id = issuer->account_id;
    row.issued_by = issuer ? issuer->name : kLadderName;
    row.issued_at_ms = now_ms;
    row.holder_id = task.assignee_id;
    row.holder_name = task.assignee_name;
    row.held_ms = held_ms(session, matter, work.calendar(), task, now_ms);
    row.case_due_on = work.procedure().due_on;
    row.demand = demand.text;
    row.consequence = demand.consequence;
    row.answer_by_on = to_string(answer_by.value);
    row.answer_due_at_ms = office_midnight_ms(add_days(answer_by.value, 1));
    row.state = "open";
    return row;
}

}  // namespace kaigong::approval::operations
