-- One row for each version of a certificate; `state` is the step that is done (states.md §4), so that a restart goes on
-- with the next one. `public_sha256` is the hash of the canonical public record (evidence leaf), never of a file.
CREATE TABLE IF NOT EXISTS certificate_versions (
    certificate_identifier {{code}} NOT NULL PRIMARY KEY,
    permit_number {{code}} NOT NULL,
    certificate_version {{integer}} NOT NULL,
    version {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    public_sha256 {{code}} NOT NULL,
    leaf_index {{integer}},
    file_sha256 {{code}} NOT NULL,
    file_leaf_index {{integer}},
    prepared_at_ms {{integer}} NOT NULL,
    valid_from_ms {{integer}}
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS certificate_versions_of_permit ON certificate_versions (permit_number, certificate_version);

CREATE INDEX IF NOT EXISTS certificate_versions_by_state ON certificate_versions (state);
