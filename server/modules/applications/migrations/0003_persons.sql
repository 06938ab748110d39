-- By which ID and telephone numbers a filed round is found: the blind index of each (crypto/field_codec.hpp), never a
-- value. One row a number and round.
CREATE TABLE IF NOT EXISTS application_persons (
    person_index {{code}} NOT NULL,
    application_id {{id}} NOT NULL,
    round {{integer}} NOT NULL,
    PRIMARY KEY (person_index, application_id, round)
) {{table}};

CREATE INDEX IF NOT EXISTS application_persons_of_round ON application_persons (application_id, round);

-- Under which key the numbers of a round were indexed; a round without a row is of before and still to be indexed.
CREATE TABLE IF NOT EXISTS application_rounds_indexed (
    application_id {{id}} NOT NULL,
    round {{integer}} NOT NULL,
    key_id {{code}} NOT NULL,
    PRIMARY KEY (application_id, round)
) {{table}};
