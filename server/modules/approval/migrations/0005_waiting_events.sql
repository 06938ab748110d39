-- What cases wait for, so that who gets a message or signal is found without reading a case: the subscriptions of each
-- saved instance, written with it. Names and keys come from process files and variables, of any length: they are found
-- by `address`, a digest of kind, name and key. No case that was begun before could wait for one.
CREATE TABLE IF NOT EXISTS waiting_events (
    application_id {{id}} NOT NULL,
    subscription {{integer}} NOT NULL,
    address {{code}} NOT NULL,
    kind {{code}} NOT NULL,
    name {{text}} NOT NULL,
    correlation_key {{text}} NOT NULL,
    opened_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (application_id, subscription)
) {{table}};

-- The one who has waited longest gets a message.
CREATE INDEX IF NOT EXISTS waiting_events_by_age ON waiting_events (address, opened_at_ms, application_id);

-- A signal goes to all, some at a time.
CREATE INDEX IF NOT EXISTS waiting_events_by_case ON waiting_events (address, application_id);

-- Messages that nobody has taken yet. Who takes one removes it in the same transaction.
CREATE TABLE IF NOT EXISTS messages (
    message_id {{id}} NOT NULL PRIMARY KEY,
    address {{code}} NOT NULL,
    name {{text}} NOT NULL,
    correlation_key {{text}} NOT NULL,
    variables {{json}} NOT NULL,
    sender_id {{id}},
    sent_at_ms {{integer}} NOT NULL,
    give_up_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS messages_by_address ON messages (address, sent_at_ms, message_id);

CREATE INDEX IF NOT EXISTS messages_by_end ON messages (give_up_at_ms);
