-- Leaves are only ever inserted; leaf_index is dense in each log, given under the lock of the log's counter row.
CREATE TABLE IF NOT EXISTS evidence_logs (
    log {{code}} NOT NULL PRIMARY KEY,
    next_leaf_index {{integer}} NOT NULL,
    version {{integer}} NOT NULL
) {{table}};

CREATE TABLE IF NOT EXISTS evidence_leaves (
    log {{code}} NOT NULL,
    leaf_index {{integer}} NOT NULL,
    subject {{text:160}} NOT NULL,
    sha256 {{code}} NOT NULL,
    appended_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (log, leaf_index)
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS evidence_leaves_by_subject ON evidence_leaves (log, subject, sha256);
