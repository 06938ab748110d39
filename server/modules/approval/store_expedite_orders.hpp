// Tables of orders to finish a task (督办单) and of the warning ladder (预警): SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

struct OrderRow {
    std::string order_id;
    std::string order_number;
    std::string application_id;
    std::string application_number;
    std::string works_name;
    std::string task_id;
    std::optional<std::string> open_task_id;
    std::string task_name;
    std::string region_code;
    std::string department;
    std::optional<std::string> issued_by_id;
    std::string issued_by;
    std::int64_t issued_at_ms = 0;
    std::optional<std::string> holder_id;
    std::optional<std::string> holder_name;
    std::int64_t held_ms = 0;
    std::optional<std::string> case_due_on;
    std::string demand;
    std::string consequence;
    std::string answer_by_on;
    std::int64_t answer_due_at_ms = 0;
    std::string state;  ///< open, answered, cancelled
    std::optional<std::string> answer;
    std::optional<std::string> answered_by;
    std::optional<std::string> cancel_cause;  ///< task_completed, task_cancelled
    std::optional<std::int64_t> ended_at_ms;
};

std::vector<OrderRow> orders_of(db::Session& session, const std::string& application_id);
std::optional<OrderRow> open_order_of_task(db::Session& session, const std::string& task_id);
/// False when the task has an open one.
[[nodiscard]] bool insert_order(db::Session& session, const OrderRow& row);
void answer_order(db::Session& session, const std::string& order_id, const std::string& answer,
                  const std::string& answered_by, std::int64_t now_ms);
/// Whatever ended a task ends its order too; gives how many.
std::int64_t cancel_orders_of_ended_tasks(db::Session& session, const std::string& application_id, std::int64_t now_ms);

struct WarningRow {
    std::string task_id;
    std::int64_t step_no = 0;
    std::string application_id;
    std::string application_number;
    std::string works_name;
    std::string task_name;
    std::string region_code;
    std::string department;
    std::string warning;
    std::string audience;  ///< holder, section_head, deputy_leader
    std::optional<std::string> holder_name;
    std::string case_due_on;
    std::int64_t warned_at_ms = 0;
};

std::vector<WarningRow> warnings_of(db::Session& session, const std::string& application_id);
/// False when that step was carried out for the task before.
[[nodiscard]] bool insert_warning(db::Session& session, const WarningRow& row);
/// Open tasks of officers for which not all of the first `steps` were carried out.
std::int64_t tasks_to_warn_of(db::Session& session, const std::string& application_id, std::int64_t steps);

std::vector<std::string> cases_with_step_due(db::Session& session, std::int64_t now_ms, int limit);
/// Like lock_procedure, while a step is due; false, and nothing is held, when none is: another worker was here first.
bool lock_procedure_with_step_due(db::Session& session, const std::string& application_id, std::int64_t now_ms);
/// Nothing: none will be due as things stand.
void save_step_due(db::Session& session, const std::string& application_id, std::optional<std::int64_t> at_ms);

}  // namespace kaigong::approval::store
