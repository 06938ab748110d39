-- A system that may ask for tokens, as two administrators agreed to it; `registration` is what it may do, as JSON.
CREATE TABLE IF NOT EXISTS oauth_clients (
    client_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    client_name {{text:100}} NOT NULL,
    state {{code}} NOT NULL,
    registration {{json}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    changed_at_ms {{integer}} NOT NULL
) {{table}};

-- One administrator wants it, another one agrees or refuses.
CREATE TABLE IF NOT EXISTS oauth_client_proposals (
    proposal_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    client_id {{id}} NOT NULL,
    client_version {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    registration {{json}} NOT NULL,
    reason {{text:500}} NOT NULL,
    proposed_by {{id}} NOT NULL,
    proposed_at_ms {{integer}} NOT NULL,
    decided_by {{code}} NOT NULL,
    decided_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_client_proposals_by_state ON oauth_client_proposals (state, proposal_id);

CREATE INDEX IF NOT EXISTS oauth_client_proposals_by_client ON oauth_client_proposals (client_id, proposal_id);

-- The secret itself is shown once and never stored, only its SHA-256.
CREATE TABLE IF NOT EXISTS oauth_client_secrets (
    secret_id {{id}} NOT NULL PRIMARY KEY,
    client_id {{id}} NOT NULL,
    secret_hash {{code}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_client_secrets_by_client ON oauth_client_secrets (client_id, expires_at_ms);

-- Whose pages may call from a browser: the origins of the addresses of public clients.
CREATE TABLE IF NOT EXISTS oauth_client_origins (
    origin {{text:160}} NOT NULL,
    client_id {{id}} NOT NULL,
    PRIMARY KEY (origin, client_id)
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_client_origins_by_client ON oauth_client_origins (client_id);

-- Assertions of clients that sign (RFC 7523), so that none counts twice.
CREATE TABLE IF NOT EXISTS oauth_client_assertions (
    assertion_hash {{code}} NOT NULL PRIMARY KEY,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_client_assertions_by_age ON oauth_client_assertions (expires_at_ms);
