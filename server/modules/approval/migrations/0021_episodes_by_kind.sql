-- Commitments (告知承诺) that run, of cases that may have ended: for the nightly self-check.
CREATE INDEX IF NOT EXISTS case_episodes_of_kind ON case_episodes (kind, state, application_id);
