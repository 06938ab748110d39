-- The newest cosignature of each witness (C2SP tlog-cosignature): for which size of the tree, and the line of the
-- signed note. What stands under the published checkpoint is made of these. Older ones are in nobody's way: a proof
-- carries its own.
CREATE TABLE IF NOT EXISTS evidence_cosignatures (
    log {{code}} NOT NULL,
    witness_key {{code}} NOT NULL,
    tree_size {{integer}} NOT NULL,
    signature {{text}} NOT NULL,
    cosigned_at_ms {{integer}} NOT NULL,
    PRIMARY KEY (log, witness_key)
) {{table}};
