CREATE INDEX IF NOT EXISTS sign_in_failures_by_account ON sign_in_failures (account_id, locked_until_ms);
