-- Cases that have ended wait for nothing too: a bureau has millions of them, and looking for stuck ones must not.
DROP INDEX IF EXISTS procedures_by_waits ON procedures;

CREATE INDEX IF NOT EXISTS procedures_by_waits ON procedures (waits, state, application_id);
