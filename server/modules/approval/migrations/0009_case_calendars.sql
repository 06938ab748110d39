-- Cases that run, and the publication of the calendar that their days were computed by: what has to be computed again
-- after another publication, and which days hang on a year that is not published, are ranges of an index.
CREATE TABLE IF NOT EXISTS case_calendars (
    application_id {{id}} NOT NULL PRIMARY KEY,
    calendar_number {{integer}} NOT NULL,
    provisional {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS case_calendars_by_number ON case_calendars (calendar_number, application_id);

CREATE INDEX IF NOT EXISTS case_calendars_provisional ON case_calendars (provisional, application_id);
