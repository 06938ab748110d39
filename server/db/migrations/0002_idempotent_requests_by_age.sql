CREATE INDEX idempotent_requests_by_age ON idempotent_requests (recorded_at_ms);
