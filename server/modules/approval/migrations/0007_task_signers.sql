-- Who was asked to sign a task beside its holder (加签), or to give an opinion (委派): each has a task of his own, whose
-- row says how it stands.
CREATE TABLE IF NOT EXISTS task_signers (
    task_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    signer_no {{integer}} NOT NULL,
    parent_task_id {{id}} NOT NULL,
    relation {{code}} NOT NULL,
    asked_by_id {{id}} NOT NULL,
    asked_by {{text:100}} NOT NULL,
    question {{text}} NOT NULL,
    asked_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS task_signers_by_application ON task_signers (application_id, signer_no);
