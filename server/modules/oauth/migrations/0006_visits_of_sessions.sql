-- The session of who links himself: the way back counts only while it lives. Empty for a sign-in.
ALTER TABLE oauth_provider_visits ADD COLUMN session_id {{code}} NOT NULL DEFAULT '';
