-- Keys of identity tokens: the key file is sealed by the field codec; published before `signs_from_ms`, used from then
-- on until the next one's time comes.
CREATE TABLE IF NOT EXISTS oauth_signing_keys (
    key_id {{code}} NOT NULL PRIMARY KEY,
    algorithm {{code}} NOT NULL,
    sealed_key {{text}} NOT NULL,
    public_key_info {{text}} NOT NULL,
    created_at_ms {{integer}} NOT NULL,
    signs_from_ms {{integer}} NOT NULL,
    withdrawn_at_ms {{integer}} NOT NULL
) {{table}};
