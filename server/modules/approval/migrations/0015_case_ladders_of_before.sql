-- Cases of before are looked at once; each then says when again.
INSERT INTO case_ladders (application_id, step_due_at_ms) SELECT application_id, 0 FROM case_calendars WHERE
    application_id NOT IN (SELECT application_id FROM case_ladders);
