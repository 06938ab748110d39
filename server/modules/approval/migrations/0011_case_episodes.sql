-- Special procedures (特别程序), holds (挂起), tolerated omissions (容缺), extensions and commitments: each with begin,
-- end, reason and actor. They lie over a state (states.md); a correction has its own columns in procedures.
CREATE TABLE IF NOT EXISTS case_episodes (
    application_id {{id}} NOT NULL,
    episode_no {{integer}} NOT NULL,
    kind {{code}} NOT NULL,
    procedure_kind {{code}} NOT NULL,
    item {{code}} NOT NULL,
    material_code {{code}} NOT NULL,
    reason {{text}} NOT NULL,
    legal_basis {{text:300}} NOT NULL,
    working_days {{integer}} NOT NULL,
    due_on {{code}},
    state {{code}} NOT NULL,
    begun_at_ms {{integer}} NOT NULL,
    begun_by_id {{id}} NOT NULL,
    begun_by {{text:100}} NOT NULL,
    ended_at_ms {{integer}},
    ended_by {{text:100}},
    result {{text}},
    PRIMARY KEY (application_id, episode_no)
) {{table}};

CREATE TABLE IF NOT EXISTS item_clock_entries (
    application_id {{id}} NOT NULL,
    item {{code}} NOT NULL,
    entry_no {{integer}} NOT NULL,
    kind {{code}} NOT NULL,
    reason {{code}} NOT NULL,
    at_ms {{integer}} NOT NULL,
    PRIMARY KEY (application_id, item, entry_no)
) {{table}};
