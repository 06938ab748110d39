-- One row for each edition of a certificate; `state` is the step that is done, so that a restart goes on with the next
-- one. `content` is the certificate object (docs/proof-formats.md) as sealed text, because it names natural persons; the
-- log has its commitment with `salt`. `proof` is that it is there (C2SP tlog-proof).
CREATE TABLE IF NOT EXISTS certificate_editions (
    certificate_identifier {{code}} NOT NULL PRIMARY KEY,
    permit_number {{code}} NOT NULL,
    certificate_version {{integer}} NOT NULL,
    version {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    salt {{code}} NOT NULL,
    content {{text}} NOT NULL,
    proof {{text}} NOT NULL,
    prepared_at_ms {{integer}} NOT NULL,
    valid_from_ms {{integer}}
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS certificate_editions_of_permit ON certificate_editions (permit_number, certificate_version);

CREATE INDEX IF NOT EXISTS certificate_editions_by_state ON certificate_editions (state);

-- A signed file; copy_number 0 is the certificate itself, others are purpose copies.
CREATE TABLE IF NOT EXISTS certificate_files (
    certificate_identifier {{code}} NOT NULL,
    copy_number {{integer}} NOT NULL,
    file_name {{code}} NOT NULL,
    sha256 {{code}} NOT NULL,
    size_bytes {{integer}} NOT NULL,
    signed_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (certificate_identifier, copy_number, file_name)
) {{table}};

CREATE INDEX IF NOT EXISTS certificate_files_by_content ON certificate_files (sha256);

-- Written before a key is asked to sign: after a power cut this is everything that may have been signed. `digest` is of
-- the bytes that were to be signed; file_sha256 stays empty where the signature never came back.
CREATE TABLE IF NOT EXISTS certificate_signings (
    signing_id {{id}} NOT NULL PRIMARY KEY,
    certificate_identifier {{code}} NOT NULL,
    copy_number {{integer}} NOT NULL,
    file_name {{code}} NOT NULL,
    digest {{code}} NOT NULL,
    signer_serial {{code}} NOT NULL,
    asked_at_ms {{integer}} NOT NULL,
    file_sha256 {{code}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS certificate_signings_of ON certificate_signings (certificate_identifier, copy_number, file_name);

-- A copy for one purpose, made of a valid edition. `purpose` and `made_for` are sealed: somebody typed them.
CREATE TABLE IF NOT EXISTS certificate_copies (
    certificate_identifier {{code}} NOT NULL,
    copy_number {{integer}} NOT NULL,
    version {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    purpose {{text}} NOT NULL,
    made_for {{text}} NOT NULL,
    salt {{code}} NOT NULL,
    made_on {{code}} NOT NULL,
    made_by {{code}} NOT NULL,
    made_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (certificate_identifier, copy_number)
) {{table}};
