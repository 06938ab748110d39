-- 限制知悉: who may know the case at all (authz::Confidentiality).
ALTER TABLE procedures ADD COLUMN confidentiality {{text:16}} NOT NULL DEFAULT 'normal';
