-- 限制知悉, as the case's (authz::Confidentiality): such a permit stands in no list and on no page of the public.
ALTER TABLE permits ADD COLUMN confidentiality {{text:16}} NOT NULL DEFAULT 'normal';
