-- A task that was opened by sending the case back: who did, why, and how the case goes on after it.
CREATE TABLE IF NOT EXISTS task_returns (
    task_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    from_task_id {{id}} NOT NULL,
    from_name {{text:100}} NOT NULL,
    returned_by {{text:100}} NOT NULL,
    reason {{text}} NOT NULL,
    onward {{code}} NOT NULL,
    returned_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS task_returns_by_application ON task_returns (application_id, returned_at_ms);
