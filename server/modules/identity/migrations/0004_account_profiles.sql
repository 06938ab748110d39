-- What an account has beside its name and roles. Phone, e-mail and ID number are sealed by the field codec; beside the
-- first two stands a blind index, by which they are found.
CREATE TABLE IF NOT EXISTS account_profiles (
    account_id {{id}} NOT NULL PRIMARY KEY,
    state {{code}} NOT NULL,
    state_reason {{text:500}} NOT NULL,
    post {{text:100}} NOT NULL,
    matters {{json}} NOT NULL,
    clearance {{code}} NOT NULL,
    phone {{text}} NOT NULL,
    phone_index {{code}} NOT NULL,
    email {{text}} NOT NULL,
    email_index {{code}} NOT NULL,
    id_number {{text}} NOT NULL,
    password_changed_at_ms {{integer}} NOT NULL,
    password_initial {{integer}} NOT NULL,
    acting_for {{code}} NOT NULL,
    version {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS profiles_by_phone ON account_profiles (phone_index);
CREATE INDEX IF NOT EXISTS profiles_by_email ON account_profiles (email_index);
-- The list of people is read in this order, so that an administrator of any area walks one range.
CREATE INDEX IF NOT EXISTS accounts_by_place ON accounts (region_code, account_name);

-- Argon2id hashes of passwords of before, so that the same one is not taken again.
CREATE TABLE IF NOT EXISTS former_passwords (
    account_id {{id}} NOT NULL,
    replaced_at_ms {{integer}} NOT NULL,
    password_hash {{text:300}} NOT NULL,
    PRIMARY KEY (account_id, replaced_at_ms)
) {{table}};
