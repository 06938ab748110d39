-- 补录 of a decision in another's name waits for him: whose word each proposal waits for, and on which task. What is
-- proposed, and how it went, is the proposal's own row (two_person_acts).
CREATE TABLE IF NOT EXISTS paper_act_proposals (
    proposal_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    task_id {{id}} NOT NULL,
    done_by_id {{id}} NOT NULL,
    expires_at_ms {{integer}} NOT NULL
) {{table}};

-- The list of who is named.
CREATE INDEX IF NOT EXISTS paper_act_proposals_of_person ON paper_act_proposals (done_by_id, expires_at_ms, proposal_id);

-- The page of a case.
CREATE INDEX IF NOT EXISTS paper_act_proposals_of_case ON paper_act_proposals (application_id, proposal_id);
