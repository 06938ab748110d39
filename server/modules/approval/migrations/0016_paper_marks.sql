-- 批注: a place on a page of a filed paper, with words, and all that was said and done about it since. Places are
-- millionths of the page's width and height. Neither table is ever changed, only added to: how a mark stands follows
-- from its acts, and its version is one more than their number.
CREATE TABLE IF NOT EXISTS paper_marks (
    mark_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    mark_no {{integer}} NOT NULL,
    document_id {{id}} NOT NULL,
    material_code {{code}} NOT NULL,
    round {{integer}} NOT NULL,
    page {{integer}} NOT NULL,
    kind {{code}} NOT NULL,
    left_ppm {{integer}} NOT NULL,
    top_ppm {{integer}} NOT NULL,
    width_ppm {{integer}} NOT NULL,
    height_ppm {{integer}} NOT NULL,
    words {{text}} NOT NULL,
    author_id {{id}} NOT NULL,
    author_name {{text:100}} NOT NULL,
    department {{code}} NOT NULL,
    department_name {{text:100}} NOT NULL,
    marked_at_ms {{integer}} NOT NULL
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS paper_marks_of_case ON paper_marks (application_id, mark_no);

CREATE TABLE IF NOT EXISTS paper_mark_acts (
    mark_id {{id}} NOT NULL,
    act_no {{integer}} NOT NULL,
    application_id {{id}} NOT NULL,
    act {{code}} NOT NULL,
    actor_id {{id}} NOT NULL,
    actor_name {{text:100}} NOT NULL,
    words {{text}} NOT NULL,
    document_id {{id}} NOT NULL,
    at_ms {{integer}} NOT NULL,
    PRIMARY KEY (mark_id, act_no)
) {{table}};

CREATE INDEX IF NOT EXISTS paper_mark_acts_of_case ON paper_mark_acts (application_id, mark_id, act_no);
