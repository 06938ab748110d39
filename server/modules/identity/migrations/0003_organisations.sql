-- Companies and institutions on the applicant's side, by their 统一社会信用代码. Who registers one acts for it only when
-- the office has verified it (`active`): a code alone proves nothing.
CREATE TABLE IF NOT EXISTS organisations (
    organisation_id {{id}} NOT NULL PRIMARY KEY,
    credit_code {{code}} NOT NULL,
    organisation_name {{text:200}} NOT NULL,
    state {{code}} NOT NULL,
    registered_by {{code}} NOT NULL,
    verified_by {{code}} NOT NULL,
    version {{integer}} NOT NULL,
    created_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS organisations_by_credit_code ON organisations (credit_code);
CREATE INDEX IF NOT EXISTS organisations_by_state ON organisations (state, organisation_id);

-- 合并、分立、更名: the rights of one organisation passed to another.
CREATE TABLE IF NOT EXISTS organisation_successions (
    predecessor_code {{code}} NOT NULL PRIMARY KEY,
    successor_code {{code}} NOT NULL,
    reason {{text:500}} NOT NULL,
    proposed_by {{code}} NOT NULL,
    confirmed_by {{code}} NOT NULL,
    at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS successions_by_successor ON organisation_successions (successor_code);

-- Who acts for an organisation, under which 授权委托书, until when. A row ends, it is never removed.
CREATE TABLE IF NOT EXISTS memberships (
    membership_id {{id}} NOT NULL PRIMARY KEY,
    organisation_id {{id}} NOT NULL,
    account_id {{id}} NOT NULL,
    duty {{code}} NOT NULL,
    state {{code}} NOT NULL,
    authority_reference {{text:200}} NOT NULL,
    valid_through_on {{code}} NOT NULL,
    created_by {{code}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    ended_by {{code}} NOT NULL,
    ended_reason {{text:500}} NOT NULL,
    ended_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS memberships_by_account ON memberships (account_id, state);
CREATE INDEX IF NOT EXISTS memberships_by_organisation ON memberships (organisation_id, state, membership_id);

-- An open invitation is a secret link: only the SHA-256 of its token is here. `contact` is sealed.
CREATE TABLE IF NOT EXISTS invitations (
    invitation_id {{id}} NOT NULL PRIMARY KEY,
    organisation_id {{id}} NOT NULL,
    duty {{code}} NOT NULL,
    authority_reference {{text:200}} NOT NULL,
    valid_through_on {{code}} NOT NULL,
    contact {{text}} NOT NULL,
    token_hash {{code}} NOT NULL,
    state {{code}} NOT NULL,
    invited_by {{id}} NOT NULL,
    answered_by {{code}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS invitations_by_token ON invitations (token_hash);
CREATE INDEX IF NOT EXISTS invitations_by_organisation ON invitations (organisation_id, state, invitation_id);
