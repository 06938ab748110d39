-- Drafts of processes, as rule_drafts has those of rules: one row a matter, the root of every command about its process.
CREATE TABLE IF NOT EXISTS process_drafts (
    matter_code {{code}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    base_version {{code}} NOT NULL,
    process {{text}} NOT NULL,
    called {{json}} NOT NULL,
    note {{text}} NOT NULL,
    edited_by {{id}} NOT NULL,
    edited_at_ms {{integer}} NOT NULL,
    effective_from_on {{code}},
    submitted_by {{id}},
    returned_reason {{text}}
) {{table}};

-- What a draft would have changed in the way of past cases.
CREATE TABLE IF NOT EXISTS process_previews (
    preview_id {{id}} NOT NULL PRIMARY KEY,
    matter_code {{code}} NOT NULL,
    state {{code}} NOT NULL,
    draft_version {{integer}} NOT NULL,
    done {{integer}} NOT NULL,
    total {{integer}} NOT NULL,
    changed_applications {{integer}} NOT NULL,
    changed_results {{integer}} NOT NULL,
    by_subject {{json}} NOT NULL,
    started_at_ms {{integer}} NOT NULL,
    seen_at_ms {{integer}} NOT NULL,
    failure {{text}}
) {{table}};

CREATE INDEX IF NOT EXISTS process_previews_of_matter ON process_previews (matter_code, state);

-- `subject` is what changes: `task_added:<element>`, `task_gone:<element>`, `group:<element>`, `end`, `stuck`.
CREATE TABLE IF NOT EXISTS process_preview_changes (
    preview_id {{id}} NOT NULL,
    application_id {{id}} NOT NULL,
    subject {{code}} NOT NULL,
    application_number {{code}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    owner_name {{text:200}} NOT NULL,
    submitted_on {{code}} NOT NULL,
    title {{text}} NOT NULL,
    before_outcome {{text}} NOT NULL,
    after_outcome {{text}} NOT NULL,
    PRIMARY KEY (preview_id, application_id, subject)
) {{table}};

CREATE INDEX IF NOT EXISTS process_preview_changes_by_subject
    ON process_preview_changes (preview_id, subject, application_id);
