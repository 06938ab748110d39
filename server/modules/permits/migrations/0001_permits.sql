-- A permit from the moment its number is taken. `record` is the public record as sealed text (it names natural persons).
CREATE TABLE IF NOT EXISTS permits (
    permit_number {{code}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    application_id {{id}} NOT NULL,
    region_code {{code}} NOT NULL,
    credit_code {{code}} NOT NULL,
    works_category {{code}} NOT NULL,
    state {{code}} NOT NULL,
    matter_code {{code}} NOT NULL,
    catalog_version {{code}} NOT NULL,
    issuing_authority {{text:100}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    owner_name {{text:200}} NOT NULL,
    issued_on {{code}} NOT NULL,
    start_due_on {{code}} NOT NULL,
    start_due_provisional {{integer}} NOT NULL,
    record {{text}} NOT NULL,
    numbered_at_ms {{integer}} NOT NULL,
    published_at_ms {{integer}}
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS permits_by_application ON permits (application_id);

CREATE INDEX IF NOT EXISTS permits_of_company ON permits (credit_code, permit_number);

CREATE INDEX IF NOT EXISTS permits_public ON permits (region_code, published_at_ms, permit_number);

CREATE INDEX IF NOT EXISTS permits_published ON permits (published_at_ms, permit_number);

-- One row a region, day and category: 01–99 each once, without gaps, under the row's lock.
CREATE TABLE IF NOT EXISTS permit_counters (
    region_code {{code}} NOT NULL,
    numbered_on {{code}} NOT NULL,
    works_category {{code}} NOT NULL,
    last_serial {{integer}} NOT NULL,
    version {{integer}} NOT NULL,
    PRIMARY KEY (region_code, numbered_on, works_category)
) {{table}};
