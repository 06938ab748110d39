-- What an applicant changed from one round to the next: paths of fields and codes of papers, never values. A point on
-- something else is refused (states.md A8).
CREATE TABLE IF NOT EXISTS round_changes (
    application_id {{id}} NOT NULL,
    round {{integer}} NOT NULL,
    fields {{json}} NOT NULL,
    materials {{json}} NOT NULL,
    taken_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (application_id, round)
) {{table}};

-- What that meant for each department's item (states.md I6); both only ever added to.
CREATE TABLE IF NOT EXISTS round_effects (
    application_id {{id}} NOT NULL,
    round {{integer}} NOT NULL,
    item {{code}} NOT NULL,
    effect {{code}} NOT NULL,
    PRIMARY KEY (application_id, round, item)
) {{table}};
