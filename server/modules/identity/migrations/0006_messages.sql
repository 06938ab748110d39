-- What is sent to people outside the pages: codes, invitations, warnings. Recipient and text are sealed; the text of a
-- message with a secret is removed once it is sent.
CREATE TABLE IF NOT EXISTS messages_out (
    message_id {{id}} NOT NULL PRIMARY KEY,
    channel {{code}} NOT NULL,
    purpose {{code}} NOT NULL,
    recipient {{text}} NOT NULL,
    words {{text}} NOT NULL,
    state {{code}} NOT NULL,
    attempts {{integer}} NOT NULL,
    due_at_ms {{integer}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    problem {{code}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS messages_out_by_state ON messages_out (state, due_at_ms);

-- A code that was sent to a phone or an address. Stored as an HMAC: six digits are guessed from a plain hash at once.
CREATE TABLE IF NOT EXISTS verification_codes (
    challenge_id {{id}} NOT NULL PRIMARY KEY,
    purpose {{code}} NOT NULL,
    channel {{code}} NOT NULL,
    contact {{text}} NOT NULL,
    contact_index {{code}} NOT NULL,
    account_id {{code}} NOT NULL,
    code_hash {{code}} NOT NULL,
    tries {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS verification_codes_by_contact ON verification_codes (contact_index, expires_at_ms);
CREATE INDEX IF NOT EXISTS verification_codes_by_age ON verification_codes (expires_at_ms);
