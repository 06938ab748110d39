#include "modules/approval/store_expedite_orders.hpp"

namespace kaigong::approval::store {

std::vector<OrderRow> orders_of(db::Session& session, const std::string& application_id) {
    return session.rows<OrderRow>(
        "SELECT * FROM expedite_orders WHERE application_id = ? ORDER BY issued_at_ms, order_id LIMIT 200",
        application_id);
}

std::optional<OrderRow> open_order_of_task(db::Session& session, const std::string& task_id) {
    return session.optional_row<OrderRow>("SELECT * FROM expedite_orders WHERE open_task_id = ?", task_id);
}

bool insert_order(db::Session& session, const OrderRow& r) {
    return session.insert_new(
        "INSERT INTO expedite_orders (order_id, order_number, application_id, application_number, works_name, task_id, "
        "open_task_id, task_name, region_code, department, issued_by_id, issued_by, issued_at_ms, holder_id, "
        "holder_name, held_ms, case_due_on, demand, consequence, answer_by_on, answer_due_at_ms, state) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.order_id, r.order_number, r.application_id, r.application_number, r.works_name, r.task_id, r.open_task_id,
        r.task_name, r.region_code, r.department, r.issued_by_id, r.issued_by, r.issued_at_ms, r.holder_id,
        r.holder_name, r.held_ms, r.case_due_on, r.demand, r.consequence, r.answer_by_on, r.answer_due_at_ms, r.state);
}

void answer_order(db::Session& session, const std::string& order_id, const std::string& answer,
                  const std::string& answered_by, std::int64_t now_ms) {
    session.execute(
        "UPDATE expedite_orders SET state = 'answered', open_task_id = NULL, answer = ?, answered_by = ?, ended_at_ms "
        "= ? WHERE order_id = ?",
        answer, answered_by, now_ms, order_id);
}

std::int64_t cancel_orders_of_ended_tasks(db::Session& session, const std::string& application_id,
                                          std::int64_t now_ms) {
    std::int64_t count = 0;
    for (const char* how : {"completed", "cancelled", "planned"}) {
        count += session.execute(
            "UPDATE expedite_orders SET state = 'cancelled', open_task_id = NULL, cancel_cause = ?, ended_at_ms = ? "
            "WHERE application_id = ? AND state = 'open' AND task_id IN (SELECT task_id FROM tasks WHERE "
            "application_id = ? AND state = ?)",
            std::string("task_") + how, now_ms, application_id, application_id, how);
    }
    return count;
}

std::vector<WarningRow> warnings_of(db::Session& session, const std::string& application_id) {
    return session.rows<WarningRow>(
        "SELECT * FROM warnings WHERE application_id = ? ORDER BY warned_at_ms, task_id, step_no LIMIT 500",
        application_id);
}

bool insert_warning(db::Session& session, const WarningRow& r) {
    return session.insert_new(
        "INSERT INTO warnings (task_id, step_no, application_id, application_number, works_name, task_name, "
        "region_code, department, warning, audience, holder_name, case_due_on, warned_at_ms) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?)",
        r.task_id, r.step_no, r.application_id, r.application_number, r.works_name, r.task_name, r.region_code,
        r.department, r.warning, r.audience, r.holder_name, r.case_due_on, r.warned_at_ms);
}

std::int64_t tasks_to_warn_of(db::Session& session, const std::string& application_id, std::int64_t steps) {
    return session.row<std::int64_t>(
        "SELECT count(*) FROM tasks WHERE application_id = ? AND state = 'open' AND kind <> 'correct' AND (SELECT "
        "count(*) FROM warnings WHERE warnings.task_id = tasks.task_id AND step_no > 0) < ?",
        application_id, steps);
}

std::vector<std::string> cases_with_step_due(db::Session& session, std::int64_t now_ms, int limit) {
    return session.rows<std::string>(
        "SELECT application_id FROM case_ladders WHERE step_due_at_ms <= ? ORDER BY step_due_at_ms LIMIT ?", now_ms,
        limit);
}

bool lock_procedure_with_step_due(db::Session& session, const std::string& application_id, std::int64_t now_ms) {
    return session.execute(
               "UPDATE procedures SET version = version + 1 WHERE application_id = ? AND EXISTS (SELECT 1 FROM "
               "case_ladders l WHERE l.application_id = procedures.application_id AND l.step_due_at_ms <= ?)",
               application_id, now_ms) == 1;
}

void save_step_due(db::Session& session, const std::string& application_id, std::optional<std::int64_t> at_ms) {
    if (!at_ms) {
        session.execute("DELETE FROM case_ladders WHERE application_id = ?", application_id);
        return;
    }
    const auto changed =
        session.execute("UPDATE case_ladders SET step_due_at_ms = ? WHERE application_id = ?", *at_ms, application_id);
    if (changed == 1) return;
    session.execute("INSERT INTO case_ladders (application_id, step_due_at_ms) VALUES (?, ?)", application_id, *at_ms);
}

}  // namespace kaigong::approval::store
