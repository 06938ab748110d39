-- A firm that is invited to fill in or confirm its part of an application, and what it did. `state` is open, ended (the
-- application was filed) or withdrawn. Every change of the part's values counts `version` up; a confirmation holds for
-- `confirmed_version` and for the values whose digest is sealed in `values_digest`.
CREATE TABLE IF NOT EXISTS application_parts (
    part_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    application_id {{id}} NOT NULL,
    part {{code}} NOT NULL,
    credit_code {{code}} NOT NULL,
    role {{code}} NOT NULL,
    kind {{code}} NOT NULL,
    state {{code}} NOT NULL,
    organisation_name {{text:200}} NOT NULL,
    invited_by {{id}} NOT NULL,
    invited_at_ms {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL,
    filled_at_ms {{integer}} NOT NULL,
    confirmed_version {{integer}} NOT NULL,
    confirmed_at_ms {{integer}} NOT NULL,
    confirmed_by {{code}} NOT NULL,
    authority_duty {{code}} NOT NULL,
    authority_reference {{text:200}} NOT NULL,
    values_digest {{text}} NOT NULL
) {{table}};

-- The owner's side: the invitations of one application.
CREATE INDEX IF NOT EXISTS application_parts_of_application ON application_parts (application_id, part_id);

-- The firm's list: what waits for it, soonest due first.
CREATE INDEX IF NOT EXISTS application_parts_of_firm ON application_parts (credit_code, state, expires_at_ms, part_id);

-- How the parts stood when a round was filed: evidence, never changed.
CREATE TABLE IF NOT EXISTS submission_parts (
    entry_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    round {{integer}} NOT NULL,
    part_id {{id}} NOT NULL,
    part {{code}} NOT NULL,
    credit_code {{code}} NOT NULL,
    role {{code}} NOT NULL,
    kind {{code}} NOT NULL,
    standing {{code}} NOT NULL,
    organisation_name {{text:200}} NOT NULL,
    confirmed_at_ms {{integer}} NOT NULL,
    confirmed_by {{code}} NOT NULL,
    authority_duty {{code}} NOT NULL,
    authority_reference {{text:200}} NOT NULL,
    values_digest {{text}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS submission_parts_of_round ON submission_parts (application_id, round, entry_id);
