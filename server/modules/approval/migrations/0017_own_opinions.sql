-- 常用意见: sentences that an officer keeps for himself, the most used first.
CREATE TABLE IF NOT EXISTS own_opinions (
    opinion_id {{id}} NOT NULL PRIMARY KEY,
    account_id {{id}} NOT NULL,
    version {{integer}} NOT NULL,
    text {{text}} NOT NULL,
    used_count {{integer}} NOT NULL,
    used_at_ms {{integer}} NOT NULL
) {{table}};

CREATE INDEX IF NOT EXISTS own_opinions_of_person ON own_opinions (account_id, used_count, used_at_ms);
