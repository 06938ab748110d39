-- One row a matter, once its rules were touched here: the root that every command about them counts up. In state `none`
-- there is no draft; its version goes on, so that a page that is open from the draft before never fits the next one.
CREATE TABLE IF NOT EXISTS rule_drafts (
    matter_code {{code}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    state {{code}} NOT NULL,
    base_version {{code}} NOT NULL,
    rules {{text}} NOT NULL,
    examples {{json}} NOT NULL,
    note {{text}} NOT NULL,
    edited_by {{id}} NOT NULL,
    edited_at_ms {{integer}} NOT NULL,
    effective_from_on {{code}},
    submitted_by {{id}},
    returned_reason {{text}}
) {{table}};

-- Who made a version of catalog_versions in the office; those of the program's folder have no row here.
CREATE TABLE IF NOT EXISTS rule_publications (
    matter_code {{code}} NOT NULL,
    catalog_version {{code}} NOT NULL,
    base_version {{code}} NOT NULL,
    edited_by {{id}} NOT NULL,
    published_by {{id}} NOT NULL,
    note {{text}} NOT NULL,
    PRIMARY KEY (matter_code, catalog_version)
) {{table}};

-- A version that was taken back before its day; it never takes effect.
CREATE TABLE IF NOT EXISTS version_withdrawals (
    matter_code {{code}} NOT NULL,
    catalog_version {{code}} NOT NULL,
    withdrawn_by {{id}} NOT NULL,
    withdrawn_at_ms {{integer}} NOT NULL,
    reason {{text}} NOT NULL,
    PRIMARY KEY (matter_code, catalog_version)
) {{table}};

-- What a draft would have changed in cases of the past. `seen_at_ms` is the machine's time of the last progress.
CREATE TABLE IF NOT EXISTS rule_previews (
    preview_id {{id}} NOT NULL PRIMARY KEY,
    matter_code {{code}} NOT NULL,
    state {{code}} NOT NULL,
    draft_version {{integer}} NOT NULL,
    done {{integer}} NOT NULL,
    total {{integer}} NOT NULL,
    changed_applications {{integer}} NOT NULL,
    changed_results {{integer}} NOT NULL,
    by_rule {{json}} NOT NULL,
    started_at_ms {{integer}} NOT NULL,
    seen_at_ms {{integer}} NOT NULL,
    failure {{text}}
) {{table}};

CREATE INDEX IF NOT EXISTS rule_previews_of_matter ON rule_previews (matter_code, state);

CREATE TABLE IF NOT EXISTS rule_preview_changes (
    preview_id {{id}} NOT NULL,
    application_id {{id}} NOT NULL,
    rule {{code}} NOT NULL,
    application_number {{code}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    owner_name {{text:200}} NOT NULL,
    submitted_on {{code}} NOT NULL,
    title {{text}} NOT NULL,
    before_outcome {{code}} NOT NULL,
    after_outcome {{code}} NOT NULL,
    PRIMARY KEY (preview_id, application_id, rule)
) {{table}};

CREATE INDEX IF NOT EXISTS rule_preview_changes_by_rule ON rule_preview_changes (preview_id, rule, application_id);
