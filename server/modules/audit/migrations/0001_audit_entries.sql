-- Only ever inserted into; `entry_id` is a UUIDv7, so the primary key is the order of time.
CREATE TABLE IF NOT EXISTS audit_entries (
    entry_id {{id}} NOT NULL PRIMARY KEY,
    aggregate_kind {{code}} NOT NULL,
    aggregate_id {{code}} NOT NULL,
    aggregate_version {{integer}} NOT NULL,
    act {{code}} NOT NULL,
    actor_id {{code}} NOT NULL,
    actor_name {{text:100}} NOT NULL,
    summary {{text:500}} NOT NULL,
    at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS audit_entries_by_aggregate ON audit_entries (aggregate_kind, aggregate_id, entry_id);
