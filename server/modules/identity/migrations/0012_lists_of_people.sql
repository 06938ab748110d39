-- The sign-in log of one county is read without walking through all others.
CREATE INDEX IF NOT EXISTS sign_ins_by_region ON sign_ins (region_code, entry_id);

-- The list of people, once for each account and, of officers and administrators, once more for each role: whatever the
-- page filters by, it walks ranges of this key.
CREATE TABLE IF NOT EXISTS people_index (
    role {{text:40}} NOT NULL,
    kind {{text:20}} NOT NULL,
    state {{text:20}} NOT NULL,
    region_code {{text:20}} NOT NULL,
    account_name {{code}} NOT NULL,
    account_id {{id}} NOT NULL,
    PRIMARY KEY (role, kind, state, region_code, account_name)
) {{key_table}};

CREATE INDEX IF NOT EXISTS people_index_by_account ON people_index (account_id);
