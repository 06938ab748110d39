-- For whom the person acted when he agreed: a token never acts for another organisation.
ALTER TABLE oauth_grants ADD COLUMN organisation_id {{code}} NOT NULL DEFAULT '';
