-- Who applied: a person who applies for himself (个人) has the permits of his own works. Empty for permits of before.
ALTER TABLE permits ADD COLUMN account_id {{id}} NOT NULL DEFAULT '';
