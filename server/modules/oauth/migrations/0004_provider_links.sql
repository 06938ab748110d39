-- Whom a provider of identities vouches for: `subject_hash` is SHA-256 of issuer and subject.
CREATE TABLE IF NOT EXISTS oauth_provider_links (
    link_id {{id}} NOT NULL PRIMARY KEY,
    subject_hash {{code}} NOT NULL,
    account_id {{id}} NOT NULL,
    linked_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS oauth_provider_links_by_subject ON oauth_provider_links (subject_hash);

CREATE UNIQUE INDEX IF NOT EXISTS oauth_provider_links_by_account ON oauth_provider_links (account_id);

-- A person on his way through the provider; the browser's own secret stands here as SHA-256.
CREATE TABLE IF NOT EXISTS oauth_provider_visits (
    state_hash {{code}} NOT NULL PRIMARY KEY,
    browser_hash {{code}} NOT NULL,
    account_id {{code}} NOT NULL,
    next_path {{text:500}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS oauth_provider_visits_by_age ON oauth_provider_visits (expires_at_ms);
