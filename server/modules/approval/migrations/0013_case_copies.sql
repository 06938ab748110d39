-- 抄送: who was given a case to read. The number and names stand here as copies, so that the list joins nothing.
CREATE TABLE IF NOT EXISTS case_copies (
    copy_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    to_id {{id}} NOT NULL,
    to_name {{text:100}} NOT NULL,
    copied_by_id {{id}} NOT NULL,
    copied_by {{text:100}} NOT NULL,
    note {{text}} NOT NULL,
    copied_at_ms {{integer}} NOT NULL,
    read_at_ms {{integer}},
    application_number {{code}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    owner_name {{text:200}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS case_copies_of_case ON case_copies (application_id, to_id);

CREATE INDEX IF NOT EXISTS case_copies_of_person ON case_copies (to_id, copied_at_ms, copy_id);

CREATE INDEX IF NOT EXISTS case_copies_unread ON case_copies (to_id, read_at_ms);
