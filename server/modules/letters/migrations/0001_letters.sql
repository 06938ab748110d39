-- One row for each cause (application, kind, round). `sha256` is empty between numbering and rendering; a restart
-- finds such a row and renders it under the number it already has.
CREATE TABLE IF NOT EXISTS letters (
    letter_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    letter_kind {{code}} NOT NULL,
    round {{integer}} NOT NULL,
    letter_number {{text:80}} NOT NULL,
    title {{text:100}} NOT NULL,
    sha256 {{code}} NOT NULL,
    issued_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS letters_by_cause ON letters (application_id, letter_kind, round);

CREATE TABLE IF NOT EXISTS letter_counters (
    region_code {{code}} NOT NULL,
    letter_kind {{code}} NOT NULL,
    year {{integer}} NOT NULL,
    last_serial {{integer}} NOT NULL,
    version {{integer}} NOT NULL,
    PRIMARY KEY (region_code, letter_kind, year)
) {{table}};
