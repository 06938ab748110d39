-- Least loaded (assign="least_loaded"): who was given a task longest ago comes first among those with as many open ones.
CREATE TABLE IF NOT EXISTS assignment_turns (
    account_id {{id}} NOT NULL PRIMARY KEY,
    given_at_ms {{integer}} NOT NULL
) {{table}};

-- When a timer of a case last had its effect: an act on paper (补录) is not entered from before that.
CREATE TABLE IF NOT EXISTS timers_fired (
    application_id {{id}} NOT NULL PRIMARY KEY,
    fired_at_ms {{integer}} NOT NULL
) {{table}};
