-- Every version of a matter that was ever in force here: an application keeps the version of its day. `files` is one
-- JSON object, name → text. Rows are only ever inserted.
CREATE TABLE IF NOT EXISTS catalog_versions (
    matter_code {{code}} NOT NULL,
    version {{code}} NOT NULL,
    effective_from_on {{code}} NOT NULL,
    published_at_ms {{integer}} NOT NULL,
    files {{json}} NOT NULL,
    PRIMARY KEY (matter_code, version)
) {{table}};
