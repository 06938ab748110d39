-- Each publication of a year's days off, by the program's folder (`published_by` empty) or by an administrator. The one
-- in force of a year is the administrators' latest, else the folder's latest; earlier ones are its history.
CREATE TABLE IF NOT EXISTS calendar_years (
    number {{integer}} NOT NULL PRIMARY KEY,
    year {{integer}} NOT NULL,
    year_table {{json}} NOT NULL,
    published_by {{id}},
    published_at_ms {{integer}} NOT NULL
) {{table}};
