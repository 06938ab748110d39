-- One row for each request with an Idempotency-Key whose effect was saved.
CREATE TABLE idempotent_requests (
    actor {{text:80}} NOT NULL,
    route {{text:240}} NOT NULL,
    idempotency_key {{id}} NOT NULL,
    body_hash {{code}} NOT NULL,
    outcome {{text}} NOT NULL,
    recorded_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (actor, route, idempotency_key)
) {{table}};
