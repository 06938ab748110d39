-- What somebody outside sends with his answer (对外征求意见). `answer_no`: the last of his answers that it came with, 0 while
-- it was not sent; what was sent stays. The content lies in the blob store.
CREATE TABLE IF NOT EXISTS consultation_files (
    file_id {{id}} NOT NULL PRIMARY KEY,
    consultation_id {{id}} NOT NULL,
    file_name {{text:200}} NOT NULL,
    media_type {{code}} NOT NULL,
    size_bytes {{integer}} NOT NULL,
    pages {{integer}},
    sha256 {{code}} NOT NULL,
    answer_no {{integer}} NOT NULL,
    uploaded_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS consultation_files_of_one ON consultation_files (consultation_id, uploaded_at_ms);

CREATE INDEX IF NOT EXISTS consultation_files_by_content ON consultation_files (sha256);
