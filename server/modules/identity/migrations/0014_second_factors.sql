-- `name` and, of an authenticator app, `secret` are sealed by the field codec. `credential_hash` is the SHA-256 of a
-- security key's credential, NULL for apps. `last_step` is the last step of an app whose code was used, so that none is
-- used twice; `state` is pending until the first code, then active.
CREATE TABLE IF NOT EXISTS second_factors (
    factor_id {{id}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL,
    kind {{code}} NOT NULL,
    state {{code}} NOT NULL,
    name {{text}} NOT NULL,
    secret {{text}} NOT NULL,
    credential_hash {{code}},
    credential_id {{text}} NOT NULL,
    algorithm {{integer}} NOT NULL,
    public_key {{text}} NOT NULL,
    sign_count {{integer}} NOT NULL,
    last_step {{integer}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    last_used_at_ms {{integer}}
) {{table}};

CREATE INDEX IF NOT EXISTS second_factors_by_account ON second_factors (account_id, created_at_ms);

CREATE UNIQUE INDEX IF NOT EXISTS second_factors_by_credential ON second_factors (credential_hash);

-- A code itself is never stored, only its blind index under the key ring.
CREATE TABLE IF NOT EXISTS recovery_codes (
    account_id {{id}} NOT NULL,
    code_index {{code}} NOT NULL,
    made_at_ms {{integer}} NOT NULL,
    used_at_ms {{integer}},
    PRIMARY KEY (account_id, code_index)
) {{table}};

-- What a security key has to sign: its SHA-256, gone with the first answer.
CREATE TABLE IF NOT EXISTS factor_challenges (
    challenge_hash {{code}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL,
    purpose {{code}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS factor_challenges_by_end ON factor_challenges (expires_at_ms);

CREATE INDEX IF NOT EXISTS factor_challenges_by_account ON factor_challenges (account_id, purpose);

-- One row an account that ever had to do with factors: wrong proofs since the last good one, and the row that is locked
-- by whoever changes the account's factors.
CREATE TABLE IF NOT EXISTS factor_tries (
    account_id {{id}} NOT NULL PRIMARY KEY,
    failed_count {{integer}} NOT NULL,
    paused_until_ms {{integer}} NOT NULL
) {{table}};
