-- What each subscriber has still to take; a row goes when the effect is saved. A parked row keeps those behind it waiting.
CREATE TABLE event_deliveries (
    subscriber {{code}} NOT NULL,
    aggregate_kind {{code}} NOT NULL,
    aggregate_id {{code}} NOT NULL,
    sequence {{integer}} NOT NULL,
    event_id {{id}} NOT NULL,
    parked {{integer}} NOT NULL,
    due_at_ms {{integer}} NOT NULL,
    lease_holder {{code}},
    failures {{integer}} NOT NULL,
    last_error {{text:240}},
    PRIMARY KEY (subscriber, aggregate_kind, aggregate_id, sequence),
    UNIQUE (subscriber, event_id)
) {{key_table}};
