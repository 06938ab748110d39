-- Which subscriber has taken which event, written with the effect.
CREATE TABLE event_receipts (
    subscriber {{code}} NOT NULL,
    event_id {{id}} NOT NULL,
    taken_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (subscriber, event_id)
) {{key_table}};
