-- 个人: whoever applies for himself has the list of what he made.
CREATE INDEX IF NOT EXISTS applications_of_account ON applications (account_id, updated_at_ms, application_id);
