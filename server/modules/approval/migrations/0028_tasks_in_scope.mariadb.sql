-- Counting what an officer may know reads the index alone.
DROP INDEX IF EXISTS tasks_waiting ON tasks;

CREATE INDEX IF NOT EXISTS tasks_waiting ON tasks (region_code, candidate_group, state, due_at_ms, task_id, assignee_id, confidentiality);

DROP INDEX IF EXISTS tasks_of_assignee ON tasks;

CREATE INDEX IF NOT EXISTS tasks_of_assignee ON tasks (assignee_id, state, due_at_ms, task_id, region_code, candidate_group, confidentiality);
