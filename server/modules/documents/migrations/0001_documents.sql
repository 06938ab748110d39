-- Papers of applications. `round` 0: not filed yet. Rows that were filed are never deleted, only superseded.
CREATE TABLE IF NOT EXISTS documents (
    document_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    material_code {{code}} NOT NULL,
    file_name {{text:200}} NOT NULL,
    media_type {{code}} NOT NULL,
    size_bytes {{integer}} NOT NULL,
    pages {{integer}},
    sha256 {{code}} NOT NULL,
    round {{integer}} NOT NULL,
    superseded {{integer}} NOT NULL,
    uploaded_by {{id}} NOT NULL,
    uploaded_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS documents_of_application ON documents (application_id, uploaded_at_ms);

CREATE INDEX IF NOT EXISTS documents_by_content ON documents (sha256);
