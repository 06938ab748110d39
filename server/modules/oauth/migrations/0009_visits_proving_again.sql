-- 1: the provider is asked to look at the person again, and its answer must say that it did.
ALTER TABLE oauth_provider_visits ADD COLUMN proves_again {{integer}} NOT NULL DEFAULT 0;
