-- The keys that this database has ever been sealed with. `check_value` is a known text sealed with the key, by which a
-- key file of another installation is recognised; `state`: published (known, nothing is sealed with it yet), current,
-- former, retired. A row is never removed, so that a key is never missing unnoticed.
CREATE TABLE IF NOT EXISTS sealing_keys (
    key_id {{code}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    check_value {{text}} NOT NULL,
    published_at_ms {{integer}} NOT NULL,
    current_at_ms {{integer}},
    replaced_at_ms {{integer}},
    retired_at_ms {{integer}}
) {{table}};

-- The processes that serve, and what each knows: a key becomes current when all that live know it. `key_ids` and
-- `file_key_ids` are lists with spaces; the latter are the keys that its own files (signing folder) name.
CREATE TABLE IF NOT EXISTS key_holders (
    holder {{code}} NOT NULL PRIMARY KEY,
    key_ids {{text:600}} NOT NULL,
    sealing_key_id {{code}} NOT NULL,
    file_key_ids {{text:600}} NOT NULL,
    seen_at_ms {{integer}} NOT NULL
) {{table}};

-- Rounds of re-sealing, at most one of them running; where it stands is written after each batch, so that any process
-- can go on.
CREATE TABLE IF NOT EXISTS key_rounds (
    round_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    key_id {{code}} NOT NULL,
    state {{code}} NOT NULL,
    pass {{integer}} NOT NULL,
    column_name {{code}} NOT NULL,
    after_row {{code}} NOT NULL,
    looked_at {{integer}} NOT NULL,
    resealed {{integer}} NOT NULL,
    resealed_in_pass {{integer}} NOT NULL,
    to_do {{integer}} NOT NULL,
    counts {{json}} NOT NULL,
    started_by {{code}} NOT NULL,
    started_at_ms {{integer}} NOT NULL,
    ended_at_ms {{integer}},
    worker {{code}} NOT NULL,
    worker_seen_at_ms {{integer}} NOT NULL
) {{table}};
