#include "modules/approval/store.hpp"

#include "db/versions.hpp"
#include "modules/approval/store_inbox_changes.hpp"

namespace kaigong::approval::store {

std::optional<ProcedureRow> find_procedure(db::Session& session, const std::string& application_id) {
    return session.optional_row<ProcedureRow>("SELECT * FROM procedures WHERE application_id = ?", application_id);
}

bool is_restricted(db::Session& session, const std::string& application_id) {
    return session.row<std::int64_t>(
               "SELECT COUNT(*) FROM procedures WHERE application_id = ? AND confidentiality <> 'normal'",
               application_id) > 0;
}

std::vector<std::string> procedures_with_timer_due(db::Session& session, std::int64_t now_ms, int limit) {
    return session.rows<std::string>(
        "SELECT application_id FROM procedures WHERE timer_due_at_ms <= ? ORDER BY timer_due_at_ms LIMIT ?", now_ms,
        limit);
}

std::optional<std::int64_t> next_timer(db::Session& session) {
    return session.row<std::optional<std::int64_t>>("SELECT min(timer_due_at_ms) FROM procedures");
}

void postpone_timer(db::Session& session, const std::string& application_id, std::int64_t at_ms) {
    session.execute("UPDATE procedures SET timer_due_at_ms = ? WHERE application_id = ?", at_ms, application_id);
}

std::vector<std::string> procedures_that_wait_for_nothing(db::Session& session, int limit) {
    return session.rows<std::string>(
        "SELECT application_id FROM procedures WHERE waits = 0 AND state IN ('submitted', 'accepted', "
        "'awaiting_decision') ORDER BY application_id LIMIT ?",
        limit);
}

bool insert_procedure(db::Session& session, const ProcedureRow& r) {
    return session.insert_new(
        "INSERT INTO procedures (application_id, version, application_number, matter_code, catalog_version, "
        "region_code, applicant_account_id, owner_credit_code, owner_name, works_name, state, "
        "correction_opened_at_ms, correction_count, round, received_at_ms, accepted_at_ms, accepted_by_default, "
        "decided_at_ms, decision_reason, permit_number, intake_due_at_ms, due_at_ms, due_on, promised_due_on, "
        "provisional, timer_due_at_ms, waits, instance, confidentiality, promised_working_days) VALUES (?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.application_id, r.version, r.application_number, r.matter_code, r.catalog_version, r.region_code,
        r.applicant_account_id, r.owner_credit_code, r.owner_name, r.works_name, r.state, r.correction_opened_at_ms,
        r.correction_count, r.round, r.received_at_ms, r.accepted_at_ms, r.accepted_by_default, r.decided_at_ms,
        r.decision_reason, r.permit_number, r.intake_due_at_ms, r.due_at_ms, r.due_on, r.promised_due_on, r.provisional,
        r.timer_due_at_ms, r.waits, r.instance, r.confidentiality, r.promised_working_days);
}

bool lock_procedure(db::Session& session, const std::string& application_id) {
    return session.execute("UPDATE procedures SET version = version + 1 WHERE application_id = ?", application_id) == 1;
}

bool lock_procedure_with_timer_due(db::Session& session, const std::string& application_id, std::int64_t now_ms) {
    return session.execute(
               "UPDATE procedures SET version = version + 1 WHERE application_id = ? AND timer_due_at_ms <= ?",
               application_id, now_ms) == 1;
}

void save_procedure(db::Session& session, const ProcedureRow& r) {
    session.execute(
        "UPDATE procedures SET state = ?, correction_opened_at_ms = ?, correction_count = ?, round = ?, "
        "accepted_at_ms = ?, accepted_by_default = ?, decided_at_ms = ?, decision_reason = ?, permit_number = ?, "
        "intake_due_at_ms = ?, due_at_ms = ?, due_on = ?, promised_due_on = ?, provisional = ?, timer_due_at_ms = ?, "
        "waits = ?, instance = ?, confidentiality = ? WHERE application_id = ?",
        r.state, r.correction_opened_at_ms, r.correction_count, r.round, r.accepted_at_ms, r.accepted_by_default,
        r.decided_at_ms, r.decision_reason, r.permit_number, r.intake_due_at_ms, r.due_at_ms, r.due_on,
        r.promised_due_on, r.provisional, r.timer_due_at_ms, r.waits, r.instance, r.confidentiality, r.application_id);
}

std::vector<ItemRow> items_of(db::Session& session, const std::string& application_id) {
    return session.rows<ItemRow>("SELECT * FROM procedure_items WHERE application_id = ? ORDER BY item",
                                 application_id);
}

void insert_item(db::Session& session, const ItemRow& r) {
    session.execute(
        "INSERT INTO procedure_items (application_id, item, name, department, department_name, legal_basis, state, "
        "outcome, outcome_label, opinion, concluded_by, concluded_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.application_id, r.item, r.name, r.department, r.department_name, r.legal_basis, r.state, r.outcome,
        r.outcome_label, r.opinion, r.concluded_by, r.concluded_at_ms);
}

void save_item(db::Session& session, const ItemRow& r) {
    session.execute(
        "UPDATE procedure_items SET state = ?, outcome = ?, outcome_label = ?, opinion = ?, concluded_by = ?, "
        "concluded_at_ms = ? WHERE application_id = ? AND item = ?",
        r.state, r.outcome, r.outcome_label, r.opinion, r.concluded_by, r.concluded_at_ms, r.application_id, r.item);
}

std::optional<TaskRow> find_task(db::Session& session, const std::string& task_id) {
    return session.optional_row<TaskRow>("SELECT * FROM tasks WHERE task_id = ?", task_id);
}

std::vector<TaskRow> open_tasks_of_token(db::Session& session, const std::string& application_id, std::int64_t token) {
    return session.rows<TaskRow>(
        "SELECT * FROM tasks WHERE application_id = ? AND token = ? AND state IN ('planned', 'open') ORDER BY task_id",
        application_id, token);
}

std::vector<TaskRow> tasks_of(db::Session& session, const std::string& application_id) {
    return session.rows<TaskRow>(
        "SELECT * FROM tasks WHERE application_id = ? ORDER BY created_at_ms, task_id LIMIT 1000", application_id);
}

void insert_task(db::Session& session, const TaskRow& r) {
    session.execute(
        "INSERT INTO tasks (task_id, application_id, version, token, element_id, name, kind, item, candidate_group, "
        "region_code, state, assignee_id, assignee_name, actor_id, actor_name, outcome, outcome_label, opinion, "
        "checked, cancel_cause, created_at_ms, completed_at_ms, application_number, matter_code, works_name, "
        "owner_name, due_at_ms, last_opinion, confidentiality) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.task_id, r.application_id, r.version, r.token, r.element_id, r.name, r.kind, r.item, r.candidate_group,
        r.region_code, r.state, r.assignee_id, r.assignee_name, r.actor_id, r.actor_name, r.outcome, r.outcome_label,
        r.opinion, r.checked, r.cancel_cause, r.created_at_ms, r.completed_at_ms, r.application_number, r.matter_code,
        r.works_name, r.owner_name, r.due_at_ms, r.last_opinion, r.confidentiality);
    if (r.state != "open") return;
    record_inbox_change(
        session,
        {0, r.region_code, r.candidate_group, !r.assignee_id, {}, r.assignee_id, r.matter_code, r.confidentiality});
}

Result<void> save_task(db::Session& session, TaskRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "tasks", "task_id", r.task_id, r.version));
    r.version += 1;
    record_inbox_change_to(session, r);
    session.execute(
        "UPDATE tasks SET state = ?, candidate_group = ?, assignee_id = ?, assignee_name = ?, actor_id = ?, actor_name "
        "= ?, outcome = ?, "
        "outcome_label = ?, opinion = ?, checked = ?, cancel_cause = ?, created_at_ms = ?, completed_at_ms = ?, "
        "due_at_ms = ? WHERE "
        "task_id = ?",
        r.state, r.candidate_group, r.assignee_id, r.assignee_name, r.actor_id, r.actor_name, r.outcome,
        r.outcome_label, r.opinion, r.checked, r.cancel_cause, r.created_at_ms, r.completed_at_ms, r.due_at_ms,
        r.task_id);
    return {};
}

void save_confidentiality_of_tasks(db::Session& session, const std::string& application_id,
                                   const std::string& confidentiality) {
    // Told as what everybody could see: whoever loses the case has to look again, too.
    session.execute(
        "INSERT INTO inbox_changes (region_code, candidate_group, waits, held_before, held_now, matter_code) SELECT "
        "region_code, candidate_group, 1, assignee_id, assignee_id, matter_code FROM tasks WHERE application_id = ? "
        "AND state = 'open'",
        application_id);
    session.execute("UPDATE tasks SET confidentiality = ? WHERE application_id = ?", confidentiality, application_id);
}

void move_open_tasks(db::Session& session, const std::string& application_id, std::int64_t due_at_ms) {
    session.execute(
        "UPDATE tasks SET due_at_ms = ? WHERE application_id = ? AND state IN ('planned', 'open') AND kind <> "
        "'commitment_check'",
        due_at_ms, application_id);
}

std::vector<ReturnRow> returns_of(db::Session& session, const std::string& application_id) {
    return session.rows<ReturnRow>(
        "SELECT * FROM task_returns WHERE application_id = ? ORDER BY returned_at_ms, task_id LIMIT 1000",
        application_id);
}

void insert_return(db::Session& session, const ReturnRow& r) {
    session.execute(
        "INSERT INTO task_returns (task_id, application_id, from_task_id, from_name, returned_by, reason, onward, "
        "returned_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        r.task_id, r.application_id, r.from_task_id, r.from_name, r.returned_by, r.reason, r.onward, r.returned_at_ms);
}

std::vector<ClockRow> clock_of(db::Session& session, const std::string& application_id) {
    return session.rows<ClockRow>(
        "SELECT entry_no, kind, reason, at_ms FROM clock_entries WHERE application_id = ? ORDER BY entry_no",
        application_id);
}

void insert_clock(db::Session& session, const std::string& application_id, const ClockRow& r) {
    session.execute("INSERT INTO clock_entries (application_id, entry_no, kind, reason, at_ms) VALUES (?, ?, ?, ?, ?)",
                    application_id, r.entry_no, r.kind, r.reason, r.at_ms);
}

std::vector<PointRow> points_of(db::Session& session, const std::string& application_id) {
    return session.rows<PointRow>(
        "SELECT * FROM correction_points WHERE application_id = ? ORDER BY recorded_at_ms, point_id LIMIT 1000",
        application_id);
}

void insert_point(db::Session& session, const PointRow& r) {
    session.execute(
        "INSERT INTO correction_points (point_id, application_id, round, item, department_name, field, "
        "material_code, what, how_to_mend, legal_basis, state, answer, recorded_by, recorded_at_ms) VALUES (?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.point_id, r.application_id, r.round, r.item, r.department_name, r.field, r.material_code, r.what,
        r.how_to_mend, r.legal_basis, r.state, r.answer, r.recorded_by, r.recorded_at_ms);
}

void save_point(db::Session& session, const PointRow& r) {
    session.execute("UPDATE correction_points SET state = ?, answer = ? WHERE point_id = ?", r.state, r.answer,
                    r.point_id);
}

std::optional<JobRow> find_job(db::Session& session, const std::string& job_id) {
    return session.optional_row<JobRow>(
        "SELECT job_id, application_id, token, job_type, state, reason, created_at_ms FROM jobs WHERE job_id = ?",
        job_id);
}

std::optional<JobRow> find_job_of_token(db::Session& session, const std::string& application_id, std::int64_t token) {
    return session.optional_row<JobRow>(
        "SELECT job_id, application_id, token, job_type, state, reason, created_at_ms FROM jobs WHERE application_id "
        "= ? AND token = ? AND state IN ('open', 'failed')",
        application_id, token);
}

void insert_job(db::Session& session, const JobRow& r) {
    session.execute(
        "INSERT INTO jobs (job_id, application_id, token, job_type, state, reason, created_at_ms) VALUES (?, ?, ?, "
        "?, ?, ?, ?)",
        r.job_id, r.application_id, r.token, r.job_type, r.state, r.reason, r.created_at_ms);
}

void end_job(db::Session& session, const std::string& job_id, const std::string& state,
             const std::optional<std::string>& reason, std::int64_t now_ms) {
    session.execute("UPDATE jobs SET state = ?, reason = ?, ended_at_ms = ? WHERE job_id = ?", state, reason, now_ms,
                    job_id);
}

std::vector<TimelineRow> timeline_of(db::Session& session, const std::string& application_id) {
    return session.rows<TimelineRow>(
        "SELECT entry_no, at_ms, kind, title, detail, actor, for_applicant FROM timeline_entries WHERE "
        "application_id = ? ORDER BY entry_no DESC LIMIT 500",
        application_id);
}

void append_timeline(db::Session& session, const std::string& application_id, TimelineRow row) {
    row.entry_no = session.row<std::int64_t>(
        "SELECT coalesce(max(entry_no), 0) + 1 FROM timeline_entries WHERE application_id = ?", application_id);
    session.execute(
        "INSERT INTO timeline_entries (application_id, entry_no, at_ms, kind, title, detail, actor, for_applicant) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        application_id, row.entry_no, row.at_ms, row.kind, row.title, row.detail, row.actor, row.for_applicant);
}

}  // namespace kaigong::approval::store
