-- One row: whether this database is for demo or for production.
CREATE TABLE database_mark (
    mark {{integer}} NOT NULL PRIMARY KEY CHECK (mark = 1),
    purpose {{code}} NOT NULL
) {{table}};
