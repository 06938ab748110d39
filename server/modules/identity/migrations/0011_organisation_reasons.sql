-- Why the office rejected a registration: whoever registered it reads it, and registers it anew.
ALTER TABLE organisations ADD COLUMN state_reason {{text:300}} NOT NULL DEFAULT '';
