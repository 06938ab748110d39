-- What a client asks a person for: pushed, on its way through the consent page, or waiting for a device's code. Every
-- secret of it (its own address, device and user code) stands here as SHA-256.
CREATE TABLE IF NOT EXISTS oauth_requests (
    request_hash {{code}} NOT NULL PRIMARY KEY,
    kind {{code}} NOT NULL,
    state {{code}} NOT NULL,
    client_id {{id}} NOT NULL,
    parameters {{json}} NOT NULL,
    user_code_hash {{code}} NOT NULL,
    grant_id {{code}} NOT NULL,
    poll_interval_ms {{integer}} NOT NULL,
    polled_at_ms {{integer}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_requests_by_user_code ON oauth_requests (user_code_hash);

CREATE INDEX IF NOT EXISTS oauth_requests_by_age ON oauth_requests (expires_at_ms);

-- What a person agreed to, for the next time and for his own list.
CREATE TABLE IF NOT EXISTS oauth_consents (
    consent_id {{id}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL,
    client_id {{id}} NOT NULL,
    scopes {{json}} NOT NULL,
    credit_code {{code}} NOT NULL,
    given_at_ms {{integer}} NOT NULL,
    used_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS oauth_consents_by_account ON oauth_consents (account_id, client_id);

-- A family of tokens: everything that came from one consent, or from one request of a system for itself. It dies whole.
CREATE TABLE IF NOT EXISTS oauth_grants (
    grant_id {{id}} NOT NULL PRIMARY KEY,
    client_id {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    scopes {{json}} NOT NULL,
    account_stamp {{code}} NOT NULL,
    session_hash {{code}} NOT NULL,
    authenticated_at_ms {{integer}} NOT NULL,
    nonce {{text:300}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL,
    revoked_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_grants_by_account ON oauth_grants (account_id, client_id);

CREATE INDEX IF NOT EXISTS oauth_grants_by_client ON oauth_grants (client_id, created_at_ms);

CREATE INDEX IF NOT EXISTS oauth_grants_by_age ON oauth_grants (expires_at_ms);

CREATE TABLE IF NOT EXISTS oauth_codes (
    code_hash {{code}} NOT NULL PRIMARY KEY,
    grant_id {{id}} NOT NULL,
    redirect_uri {{text:500}} NOT NULL,
    code_challenge {{code}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL,
    used_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_codes_by_grant ON oauth_codes (grant_id);

-- Access and refresh tokens; the token itself is never stored, only its SHA-256.
CREATE TABLE IF NOT EXISTS oauth_tokens (
    token_hash {{code}} NOT NULL PRIMARY KEY,
    grant_id {{id}} NOT NULL,
    kind {{code}} NOT NULL,
    scopes {{json}} NOT NULL,
    issued_at_ms {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL,
    used_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_tokens_by_grant ON oauth_tokens (grant_id);
