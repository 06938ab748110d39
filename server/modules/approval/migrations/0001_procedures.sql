-- One row for each application that was filed: the root of the aggregate (its version counts every command).
CREATE TABLE IF NOT EXISTS procedures (
    application_id {{id}} NOT NULL PRIMARY KEY,
    version {{integer}} NOT NULL,
    application_number {{code}} NOT NULL,
    matter_code {{code}} NOT NULL,
    catalog_version {{code}} NOT NULL,
    region_code {{code}} NOT NULL,
    applicant_account_id {{id}} NOT NULL,
    owner_credit_code {{code}} NOT NULL,
    owner_name {{text:200}} NOT NULL,
    works_name {{text:200}} NOT NULL,
    state {{code}} NOT NULL,
    correction_opened_at_ms {{integer}},
    correction_count {{integer}} NOT NULL,
    round {{integer}} NOT NULL,
    received_at_ms {{integer}} NOT NULL,
    accepted_at_ms {{integer}},
    accepted_by_default {{integer}} NOT NULL,
    decided_at_ms {{integer}},
    decision_reason {{text}} NOT NULL,
    permit_number {{code}},
    intake_due_at_ms {{integer}} NOT NULL,
    due_at_ms {{integer}},
    due_on {{code}},
    promised_due_on {{code}},
    provisional {{integer}} NOT NULL,
    timer_due_at_ms {{integer}},
    waits {{integer}} NOT NULL,
    instance {{json}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS procedures_by_timer ON procedures (timer_due_at_ms);

CREATE INDEX IF NOT EXISTS procedures_by_waits ON procedures (waits, application_id);

CREATE TABLE IF NOT EXISTS procedure_items (
    application_id {{id}} NOT NULL,
    item {{code}} NOT NULL,
    name {{text:100}} NOT NULL,
    department {{code}} NOT NULL,
    department_name {{text:100}} NOT NULL,
    legal_basis {{text:300}} NOT NULL,
    state {{code}} NOT NULL,
    outcome {{code}},
    outcome_label {{text:60}},
    opinion {{text}},
    concluded_by {{text:100}},
    concluded_at_ms {{integer}},
    PRIMARY KEY (application_id, item)
) {{table}};

CREATE TABLE IF NOT EXISTS clock_entries (
    application_id {{id}} NOT NULL,
    entry_no {{integer}} NOT NULL,
    kind {{code}} NOT NULL,
    reason {{code}} NOT NULL,
    at_ms {{integer}} NOT NULL,
    PRIMARY KEY (application_id, entry_no)
) {{table}};

CREATE TABLE IF NOT EXISTS correction_points (
    point_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    round {{integer}} NOT NULL,
    item {{code}} NOT NULL,
    department_name {{text:100}} NOT NULL,
    field {{text:200}} NOT NULL,
    material_code {{code}} NOT NULL,
    what {{text:1000}} NOT NULL,
    how_to_mend {{text:1000}} NOT NULL,
    legal_basis {{text:300}} NOT NULL,
    state {{code}} NOT NULL,
    answer {{text:1000}},
    recorded_by {{text:100}} NOT NULL,
    recorded_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS correction_points_by_application ON correction_points (application_id, recorded_at_ms);

CREATE TABLE IF NOT EXISTS jobs (
    job_id {{id}} NOT NULL PRIMARY KEY,
    application_id {{id}} NOT NULL,
    token {{integer}} NOT NULL,
    job_type {{code}} NOT NULL,
    state {{code}} NOT NULL,
    reason {{text:300}},
    created_at_ms {{integer}} NOT NULL,
    ended_at_ms {{integer}}
) {{table}};

CREATE INDEX IF NOT EXISTS jobs_by_application ON jobs (application_id, state);

CREATE TABLE IF NOT EXISTS timeline_entries (
    application_id {{id}} NOT NULL,
    entry_no {{integer}} NOT NULL,
    at_ms {{integer}} NOT NULL,
    kind {{code}} NOT NULL,
    title {{text:200}} NOT NULL,
    detail {{text:1000}},
    actor {{text:100}},
    for_applicant {{integer}} NOT NULL,
    PRIMARY KEY (application_id, entry_no)
) {{table}};
