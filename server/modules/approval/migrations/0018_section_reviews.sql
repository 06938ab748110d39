-- 分节审签: what a leader said of each section of the report before a decision; only ever added to, the last row of a
-- section counts. `content` is a digest of what the section said then, so that a later one is looked at again.
CREATE TABLE IF NOT EXISTS section_reviews (
    application_id {{id}} NOT NULL,
    review_no {{integer}} NOT NULL,
    element_id {{code}} NOT NULL,
    task_id {{id}} NOT NULL,
    task_version {{integer}} NOT NULL,
    section {{code}} NOT NULL,
    content {{code}} NOT NULL,
    verdict {{code}} NOT NULL,
    original {{text}} NOT NULL,
    wording {{text}} NOT NULL,
    reason {{text}} NOT NULL,
    actor_id {{id}} NOT NULL,
    actor_name {{text:100}} NOT NULL,
    at_ms {{integer}} NOT NULL,
    PRIMARY KEY (application_id, review_no)
) {{table}};
