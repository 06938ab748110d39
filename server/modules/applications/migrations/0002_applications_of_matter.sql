-- Filed cases of one matter in the order of their ids, page by page: trying changed rules on them.
CREATE INDEX IF NOT EXISTS applications_of_matter ON applications (matter_code, application_id);
