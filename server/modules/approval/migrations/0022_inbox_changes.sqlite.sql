-- That something in lists of tasks came, went or changed hands: whoever has such a list open looks here and nowhere else,
-- so that it costs the same with ten tasks and with a million. The oldest are forgotten (forget_inbox_changes).
CREATE TABLE IF NOT EXISTS inbox_changes (
    change_no INTEGER PRIMARY KEY AUTOINCREMENT,
    region_code {{code}} NOT NULL,
    candidate_group {{code}} NOT NULL,
    waits {{integer}} NOT NULL,
    held_before {{id}},
    held_now {{id}}
) {{table}};
