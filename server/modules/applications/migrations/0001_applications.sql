-- A draft and what became of it. `form` holds personal values only as enc1:… texts of the field codec. Display columns
-- are copies for lists.
CREATE TABLE IF NOT EXISTS applications (
    application_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    matter_code {{code}} NOT NULL,
    catalog_version {{code}} NOT NULL,
    account_id {{id}} NOT NULL,
    credit_code {{code}} NOT NULL,
    application_number {{code}},
    region_code {{code}} NOT NULL,
    owner_name {{text:200}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    works_category {{code}} NOT NULL,
    round {{integer}} NOT NULL,
    form {{json}} NOT NULL,
    committed {{json}} NOT NULL,
    remarks {{json}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    updated_at_ms {{integer}} NOT NULL,
    received_at_ms {{integer}}
) {{table}};

CREATE INDEX IF NOT EXISTS applications_of_company ON applications (credit_code, updated_at_ms, application_id);

CREATE UNIQUE INDEX IF NOT EXISTS applications_by_number ON applications (application_number);

CREATE TABLE IF NOT EXISTS submissions (
    application_id {{id}} NOT NULL,
    round {{integer}} NOT NULL,
    submitted_at_ms {{integer}} NOT NULL,
    account_id {{id}} NOT NULL,
    form {{json}} NOT NULL,
    findings {{json}} NOT NULL,
    materials {{json}} NOT NULL,
    remarks {{json}} NOT NULL,
    answers {{json}} NOT NULL,
    declarations {{json}} NOT NULL,
    changed_fields {{json}} NOT NULL,
    required_items {{json}} NOT NULL,
    blocking_rules {{json}} NOT NULL,
    PRIMARY KEY (application_id, round)
) {{table}};

-- One row a region and year: application numbers without gaps.
CREATE TABLE IF NOT EXISTS application_counters (
    region_code {{code}} NOT NULL,
    year {{integer}} NOT NULL,
    last_serial {{integer}} NOT NULL,
    version {{integer}} NOT NULL,
    PRIMARY KEY (region_code, year)
) {{table}};
