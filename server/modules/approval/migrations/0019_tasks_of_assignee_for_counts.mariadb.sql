-- Counting what a person holds in a region and a department reads the index alone.
DROP INDEX IF EXISTS tasks_of_assignee ON tasks;

CREATE INDEX IF NOT EXISTS tasks_of_assignee ON tasks (assignee_id, state, due_at_ms, task_id, region_code, candidate_group);
