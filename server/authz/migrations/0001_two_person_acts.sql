-- Acts that one person proposes and another confirms. `open_key` is act, kind and id of the subject while the proposal is
-- open and nothing afterwards, so that a subject has one open proposal of an act at most. Only the settling ever changes.
CREATE TABLE IF NOT EXISTS two_person_acts (
    proposal_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    open_key {{text:400}},
    act {{code}} NOT NULL,
    subject_kind {{code}} NOT NULL,
    subject_id {{code}} NOT NULL,
    content {{text}} NOT NULL,
    reason {{text}} NOT NULL,
    proposed_by_id {{id}} NOT NULL,
    proposed_by {{text:100}} NOT NULL,
    proposed_at_ms {{integer}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    settled_by_id {{id}},
    settled_by {{text:100}},
    settled_at_ms {{integer}},
    settle_reason {{text}}
) {{table}};

CREATE UNIQUE INDEX IF NOT EXISTS two_person_acts_one_open ON two_person_acts (open_key);

CREATE INDEX IF NOT EXISTS two_person_acts_of_subject ON two_person_acts (subject_kind, subject_id, proposed_at_ms);

CREATE INDEX IF NOT EXISTS two_person_acts_of_act ON two_person_acts (act, state, proposed_at_ms, proposal_id);
