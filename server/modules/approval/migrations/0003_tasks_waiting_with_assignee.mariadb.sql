-- Counting what waits reads the index alone.
DROP INDEX IF EXISTS tasks_waiting ON tasks;

CREATE INDEX IF NOT EXISTS tasks_waiting ON tasks (region_code, candidate_group, state, due_at_ms, task_id, assignee_id);
