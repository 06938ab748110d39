-- Whose they are, where somebody's: what was counted under a name, a phone and networks is seen and lifted together.
ALTER TABLE sign_in_failures ADD COLUMN account_id {{code}} NOT NULL DEFAULT '';
