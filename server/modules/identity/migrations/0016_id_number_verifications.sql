-- Who saw that the ID number of an account is its owner's: `how` is provider (the provider of identities says so) or
-- counter (an officer held the card against it). No row: its owner typed it, and nobody looked. `reason` is sealed.
CREATE TABLE IF NOT EXISTS id_number_verifications (
    account_id {{id}} NOT NULL PRIMARY KEY,
    how {{code}} NOT NULL,
    at_ms {{integer}} NOT NULL,
    by_id {{code}} NOT NULL,
    reason {{text}} NOT NULL
) {{table}};
