-- What whoever binds the first second factor of an account types beside its password. The code itself is never stored,
-- only its blind index; a row without one says that a code is asked for and none was given yet.
CREATE TABLE IF NOT EXISTS enrolment_codes (
    account_id {{id}} NOT NULL PRIMARY KEY,
    code_index {{code}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};
