-- The cookie's value is never stored, only its SHA-256. `session_id` names a session to its owner and to administrators.
CREATE TABLE IF NOT EXISTS account_sessions (
    session_hash {{code}} NOT NULL PRIMARY KEY,
    session_id {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    organisation_id {{code}} NOT NULL,
    stage {{code}} NOT NULL,
    method {{code}} NOT NULL,
    address {{text}} NOT NULL,
    user_agent {{text:200}} NOT NULL,
    authenticated_at_ms {{integer}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    last_seen_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS account_sessions_by_id ON account_sessions (session_id);
CREATE INDEX IF NOT EXISTS account_sessions_by_account ON account_sessions (account_id, created_at_ms);
CREATE INDEX IF NOT EXISTS account_sessions_by_age ON account_sessions (last_seen_at_ms);

-- Failed sign-ins under a name, known or not: the key is an HMAC of what was typed.
CREATE TABLE IF NOT EXISTS sign_in_failures (
    failure_key {{code}} NOT NULL PRIMARY KEY,
    failures {{integer}} NOT NULL,
    first_at_ms {{integer}} NOT NULL,
    locked_until_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS sign_in_failures_by_age ON sign_in_failures (first_at_ms);

-- Every try to sign in, kept at least six months (网络安全法 23); the address is sealed.
CREATE TABLE IF NOT EXISTS sign_ins (
    entry_id {{id}} NOT NULL PRIMARY KEY,
    account_id {{code}} NOT NULL,
    region_code {{code}} NOT NULL,
    outcome {{code}} NOT NULL,
    method {{code}} NOT NULL,
    address {{text}} NOT NULL,
    user_agent {{text:200}} NOT NULL,
    at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS sign_ins_by_account ON sign_ins (account_id, entry_id);
CREATE INDEX IF NOT EXISTS sign_ins_by_outcome ON sign_ins (outcome, entry_id);
