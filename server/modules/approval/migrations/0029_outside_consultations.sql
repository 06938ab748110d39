-- 对外征求意见: somebody outside is asked about a chosen part of a case. The row is the aggregate; name, phone and
-- e-mail are sealed. Of a link and of what a code gave only the SHA-256 stands here.
CREATE TABLE IF NOT EXISTS outside_consultations (
    consultation_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    consultation_no {{integer}} NOT NULL,
    version {{integer}} NOT NULL,
    item {{code}} NOT NULL,
    department_name {{text:100}} NOT NULL,
    state {{code}} NOT NULL,
    organisation {{text:200}} NOT NULL,
    name {{text}} NOT NULL,
    phone {{text}} NOT NULL,
    email {{text}} NOT NULL,
    question {{text}} NOT NULL,
    round {{integer}} NOT NULL,
    sections {{json}} NOT NULL,
    papers {{json}} NOT NULL,
    asked_by_id {{id}} NOT NULL,
    asked_by {{text:100}} NOT NULL,
    asked_at_ms {{integer}} NOT NULL,
    until_on {{code}} NOT NULL,
    until_at_ms {{integer}} NOT NULL,
    opened_at_ms {{integer}},
    outcome {{code}} NOT NULL,
    words {{text}} NOT NULL,
    answers {{integer}} NOT NULL,
    answered_at_ms {{integer}},
    wrong_codes {{integer}} NOT NULL,
    reminders {{integer}} NOT NULL,
    reminded_at_ms {{integer}},
    closed_at_ms {{integer}},
    closed_because {{text}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS outside_consultations_of_case ON outside_consultations (application_id, consultation_no);

CREATE TABLE IF NOT EXISTS consultation_links (
    token_hash {{code}} NOT NULL PRIMARY KEY,
    consultation_id {{id}} NOT NULL,
    sent_at_ms {{integer}} NOT NULL
) {{table}};

CREATE TABLE IF NOT EXISTS consultation_passes (
    pass_hash {{code}} NOT NULL PRIMARY KEY,
    consultation_id {{id}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS consultation_passes_over ON consultation_passes (expires_at_ms);
