-- `display_name` is sealed by the field codec; `password_hash` is argon2id in PHC text.
CREATE TABLE IF NOT EXISTS accounts (
    account_id {{id}} NOT NULL PRIMARY KEY,
    account_name {{code}} NOT NULL,
    password_hash {{text:300}} NOT NULL,
    display_name {{text}} NOT NULL,
    kind {{code}} NOT NULL,
    organisation_name {{text:200}} NOT NULL,
    credit_code {{code}} NOT NULL,
    department {{code}} NOT NULL,
    department_name {{text:100}} NOT NULL,
    region_code {{code}} NOT NULL,
    roles {{json}} NOT NULL,
    created_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS accounts_by_name ON accounts (account_name);

-- The cookie's value is never stored, only its SHA-256.
CREATE TABLE IF NOT EXISTS sessions (
    session_hash {{code}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    last_seen_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS sessions_by_age ON sessions (last_seen_at_ms);
