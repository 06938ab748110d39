-- The key whose link key made the anti-forgery code that is printed on this edition: its content may be sealed anew
-- under another one. Empty for rows of before; for them the content still names it.
ALTER TABLE certificate_editions ADD COLUMN marks_key_id {{code}} NOT NULL DEFAULT '';
