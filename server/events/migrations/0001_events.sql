-- Facts, written in the transaction that made them true. Rows are never changed.
CREATE TABLE events (
    event_id {{id}} NOT NULL PRIMARY KEY,
    event_type {{code}} NOT NULL,
    aggregate_kind {{code}} NOT NULL,
    aggregate_id {{code}} NOT NULL,
    sequence {{integer}} NOT NULL,
    payload {{json}} NOT NULL,
    occurred_at_ms {{integer}} NOT NULL,
    UNIQUE (aggregate_kind, aggregate_id, sequence)
) {{table}};
