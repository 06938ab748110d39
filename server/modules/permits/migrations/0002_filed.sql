-- When the application was received; 0 for permits of before. A certificate of before that day is not signed.
ALTER TABLE permits ADD COLUMN filed_at_ms {{integer}} NOT NULL DEFAULT 0;
