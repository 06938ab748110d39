-- 代理: who stands in for whom, from the first instant of a day through the last of another. Only `ended_…` and the
-- version ever change.
CREATE TABLE IF NOT EXISTS deputyships (
    deputyship_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    absent_id {{id}} NOT NULL,
    absent_name {{text:100}} NOT NULL,
    deputy_id {{id}} NOT NULL,
    deputy_name {{text:100}} NOT NULL,
    department {{code}} NOT NULL,
    region_code {{code}} NOT NULL,
    from_at_ms {{integer}} NOT NULL,
    until_at_ms {{integer}} NOT NULL,
    reason {{text}} NOT NULL,
    named_by_id {{id}} NOT NULL,
    named_by {{text:100}} NOT NULL,
    named_at_ms {{integer}} NOT NULL,
    ended_at_ms {{integer}},
    ended_by {{text:100}},
    end_reason {{text}}
) {{table}};

CREATE INDEX IF NOT EXISTS deputyships_of_deputy ON deputyships (deputy_id, until_at_ms);

CREATE INDEX IF NOT EXISTS deputyships_of_absent ON deputyships (absent_id, until_at_ms);

CREATE INDEX IF NOT EXISTS deputyships_of_department ON deputyships (region_code, department, until_at_ms);

-- One row for each person whose deputies change: whoever changes them counts it up first, so that two changes of one
-- person's come one after the other.
CREATE TABLE IF NOT EXISTS deputised_people (
    account_id {{id}} NOT NULL PRIMARY KEY,
    changes {{integer}} NOT NULL
) {{key_table}};

-- Acts on tasks that a deputy did: in whose place.
CREATE TABLE IF NOT EXISTS deputy_acts (
    application_id {{id}} NOT NULL,
    act_no {{integer}} NOT NULL,
    deputyship_id {{id}} NOT NULL,
    absent_id {{id}} NOT NULL,
    absent_name {{text:100}} NOT NULL,
    PRIMARY KEY (application_id, act_no)
) {{table}};
