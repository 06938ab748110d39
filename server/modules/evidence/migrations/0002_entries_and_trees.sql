-- One row an entry, queued in the transaction of its act (leaf_index NULL) and given its place afterwards. `entry` is
-- what stands in the log, byte by byte; leaf_hash is SHA-256(0x00 ‖ entry). Rows are never removed.
DROP TABLE IF EXISTS evidence_leaves;

DROP TABLE IF EXISTS evidence_logs;

CREATE TABLE IF NOT EXISTS evidence_entries (
    entry_id {{id}} NOT NULL PRIMARY KEY,
    log {{code}} NOT NULL,
    subject {{text:160}} NOT NULL,
    entry {{text}} NOT NULL,
    leaf_hash {{code}} NOT NULL,
    queued_at_ms {{integer}} NOT NULL,
    leaf_index {{integer}}
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS evidence_entries_by_subject ON evidence_entries (log, subject);

CREATE UNIQUE INDEX IF NOT EXISTS evidence_entries_in_order ON evidence_entries (log, leaf_index);

-- What waits, in the order of the ids: NULL sorts before every place.
CREATE INDEX IF NOT EXISTS evidence_entries_waiting ON evidence_entries (log, leaf_index, entry_id);

-- The tree of each log: its size, its right edge (engine/tlog) and the checkpoint that was signed over it. Place, edge
-- and checkpoint change in one transaction, under the lock of this row, so no two trees of one size are ever signed.
CREATE TABLE IF NOT EXISTS evidence_trees (
    log {{code}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    tree_size {{integer}} NOT NULL,
    edge {{text}} NOT NULL,
    checkpoint {{text}} NOT NULL,
    signed_at_ms {{integer}} NOT NULL
) {{table}};
