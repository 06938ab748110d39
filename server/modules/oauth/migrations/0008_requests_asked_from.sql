-- From where a device asked, sealed: the person sees whether it is his own.
ALTER TABLE oauth_requests ADD COLUMN asked_from {{text:500}} NOT NULL DEFAULT '';
