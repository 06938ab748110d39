-- Cases of before were computed by no publication that was counted.
INSERT INTO case_calendars (application_id, calendar_number, provisional) SELECT application_id, 0, provisional FROM
    procedures WHERE waits = 1 AND application_id NOT IN (SELECT application_id FROM case_calendars);
