-- A task is one person's step; it is also the row that every list of cases reads, so the few columns a list shows stand
-- here as copies, and nothing is joined. `candidate_group` is department:role, or `applicant`.
CREATE TABLE IF NOT EXISTS tasks (
    task_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    version {{integer}} NOT NULL,
    token {{integer}} NOT NULL,
    element_id {{code}} NOT NULL,
    name {{text:100}} NOT NULL,
    kind {{code}} NOT NULL,
    item {{code}} NOT NULL,
    candidate_group {{code}} NOT NULL,
    region_code {{code}} NOT NULL,
    state {{code}} NOT NULL,
    assignee_id {{id}},
    assignee_name {{text:100}},
    actor_id {{id}},
    actor_name {{text:100}},
    outcome {{code}},
    outcome_label {{text:60}},
    opinion {{text}},
    checked {{json}} NOT NULL,
    cancel_cause {{code}},
    created_at_ms {{integer}} NOT NULL,
    completed_at_ms {{integer}},
    application_number {{code}} NOT NULL,
    matter_code {{code}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    owner_name {{text:200}} NOT NULL,
    due_at_ms {{integer}} NOT NULL,
    last_opinion {{text:200}}
) {{table}};

CREATE INDEX IF NOT EXISTS tasks_by_application ON tasks (application_id, created_at_ms);

CREATE INDEX IF NOT EXISTS tasks_waiting ON tasks (region_code, candidate_group, state, due_at_ms, task_id);

CREATE INDEX IF NOT EXISTS tasks_of_assignee ON tasks (assignee_id, state, due_at_ms, task_id);

CREATE INDEX IF NOT EXISTS tasks_done ON tasks (actor_id, completed_at_ms, task_id);

CREATE INDEX IF NOT EXISTS tasks_by_number ON tasks (application_number);
