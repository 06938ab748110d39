-- The record of what people did with a task; only ever added to. `task_version` is the version of it that they saw.
CREATE TABLE IF NOT EXISTS task_acts (
    application_id {{id}} NOT NULL,
    act_no {{integer}} NOT NULL,
    task_id {{id}} NOT NULL,
    task_version {{integer}} NOT NULL,
    act {{code}} NOT NULL,
    actor_id {{id}} NOT NULL,
    actor_name {{text:100}} NOT NULL,
    from_id {{id}},
    from_name {{text:100}},
    to_id {{id}},
    to_name {{text:100}},
    reason {{text}} NOT NULL,
    at_ms {{integer}} NOT NULL,
    PRIMARY KEY (application_id, act_no)
) {{table}};
