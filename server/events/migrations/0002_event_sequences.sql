-- The last number given in each aggregate. Its row lock keeps numbers without gaps on MariaDB.
CREATE TABLE event_sequences (
    aggregate_kind {{code}} NOT NULL,
    aggregate_id {{code}} NOT NULL,
    last_sequence {{integer}} NOT NULL,
    PRIMARY KEY (aggregate_kind, aggregate_id)
) {{key_table}};
