-- What has waited longest, by department and by person: the ends of two index ranges.
CREATE INDEX IF NOT EXISTS tasks_by_age ON tasks (region_code, candidate_group, state, created_at_ms);

CREATE INDEX IF NOT EXISTS tasks_of_assignee_by_age ON tasks (assignee_id, state, created_at_ms);

-- 督办单: a superior wants a task done, and an answer by a day. `open_task_id` is the task while the order is open and
-- nothing afterwards, so that a task has one open order at most. `issued_by_id` is nothing for the warning ladder.
CREATE TABLE IF NOT EXISTS expedite_orders (
    order_id {{id}} NOT NULL PRIMARY KEY,
    order_number {{code}} NOT NULL,
    application_id {{id}} NOT NULL,
    application_number {{code}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    task_id {{id}} NOT NULL,
    open_task_id {{id}},
    task_name {{text:100}} NOT NULL,
    region_code {{code}} NOT NULL,
    department {{code}} NOT NULL,
    issued_by_id {{id}},
    issued_by {{text:100}} NOT NULL,
    issued_at_ms {{integer}} NOT NULL,
    holder_id {{id}},
    holder_name {{text:100}},
    held_ms {{integer}} NOT NULL,
    case_due_on {{code}},
    demand {{text}} NOT NULL,
    consequence {{text}} NOT NULL,
    answer_by_on {{code}} NOT NULL,
    answer_due_at_ms {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    answer {{text}},
    answered_by {{text:100}},
    cancel_cause {{code}},
    ended_at_ms {{integer}}
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS expedite_orders_one_open ON expedite_orders (open_task_id);

CREATE INDEX IF NOT EXISTS expedite_orders_by_application ON expedite_orders (application_id, issued_at_ms);

CREATE INDEX IF NOT EXISTS expedite_orders_by_department ON expedite_orders (region_code, department, state,
    answer_due_at_ms, order_id);

CREATE INDEX IF NOT EXISTS expedite_orders_of_holder ON expedite_orders (holder_id, state, answer_due_at_ms);

-- When a step of the warning ladder (预警) is due for a case; a case for which none will be has no row.
CREATE TABLE IF NOT EXISTS case_ladders (
    application_id {{id}} NOT NULL PRIMARY KEY,
    step_due_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS case_ladders_by_due ON case_ladders (step_due_at_ms);

-- Steps of the ladder that were carried out, each once for a task; only ever added to. `audience` is who was told:
-- holder, section_head, deputy_leader.
CREATE TABLE IF NOT EXISTS warnings (
    task_id {{id}} NOT NULL,
    step_no {{integer}} NOT NULL,
    application_id {{id}} NOT NULL,
    application_number {{code}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    task_name {{text:100}} NOT NULL,
    region_code {{code}} NOT NULL,
    department {{code}} NOT NULL,
    warning {{code}} NOT NULL,
    audience {{code}} NOT NULL,
    holder_name {{text:100}},
    case_due_on {{code}} NOT NULL,
    warned_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (task_id, step_no)
) {{table}};

CREATE INDEX IF NOT EXISTS warnings_by_application ON warnings (application_id, warned_at_ms);

CREATE INDEX IF NOT EXISTS warnings_by_audience ON warnings (region_code, audience, department,
    warned_at_ms, task_id);

-- Looks over all living cases whether somebody has each of them (自查). `night` is the day of a nightly one, so that of
-- several processes one begins it. `page_no` counts the pages that were written: of two that looked at the same one, one
-- writes it.
CREATE TABLE IF NOT EXISTS self_checks (
    check_id {{id}} NOT NULL PRIMARY KEY,
    night {{code}},
    started_by {{text:100}} NOT NULL,
    started_at_ms {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    page_no {{integer}} NOT NULL,
    after_id {{text:40}} NOT NULL,
    case_count {{integer}} NOT NULL,
    looked_at {{integer}} NOT NULL,
    found {{integer}} NOT NULL,
    ended_at_ms {{integer}}
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS self_checks_one_a_night ON self_checks (night);

CREATE INDEX IF NOT EXISTS self_checks_by_start ON self_checks (started_at_ms, check_id);

CREATE INDEX IF NOT EXISTS self_checks_by_state ON self_checks (state, started_at_ms);

CREATE TABLE IF NOT EXISTS self_check_findings (
    check_id {{id}} NOT NULL,
    finding_id {{code}} NOT NULL,
    application_id {{id}} NOT NULL,
    application_number {{code}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    region_code {{code}} NOT NULL,
    kind {{code}} NOT NULL,
    task_id {{id}},
    task_name {{text:100}},
    department {{code}},
    role {{code}},
    holder_name {{text:100}},
    PRIMARY KEY (check_id, finding_id)
) {{table}};
