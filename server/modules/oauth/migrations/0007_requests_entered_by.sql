-- The session in which a device's code was entered: nobody else decides about it.
ALTER TABLE oauth_requests ADD COLUMN entered_by {{code}} NOT NULL DEFAULT '';
