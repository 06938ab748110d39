-- The same of cases that he may not know.
ALTER TABLE inbox_changes ADD COLUMN confidentiality {{text:16}} NOT NULL DEFAULT 'normal';
