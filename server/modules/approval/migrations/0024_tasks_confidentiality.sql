-- 限制知悉: who may know the case at all (authz::Confidentiality). A copy of the procedure's, so that lists join nothing.
ALTER TABLE tasks ADD COLUMN confidentiality {{text:16}} NOT NULL DEFAULT 'normal';
