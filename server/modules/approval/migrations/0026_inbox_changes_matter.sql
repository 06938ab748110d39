-- So that nobody is told of a list's change by a case of a kind that he does not work on; empty: not a case's.
ALTER TABLE inbox_changes ADD COLUMN matter_code {{code}} NOT NULL DEFAULT '';
