-- The salt of the entry's commitment in the evidence log: 32 hexadecimal digits; empty for entries of before that log.
-- Without it the commitment says nothing, so whoever must forget an entry clears both.
ALTER TABLE audit_entries ADD COLUMN salt {{code}} NOT NULL DEFAULT '';
