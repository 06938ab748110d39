-- What earlier versions of the program made: a file without signature and without proof.
INSERT INTO certificate_editions (certificate_identifier, permit_number, certificate_version, version, state, salt, content, proof, prepared_at_ms, valid_from_ms)
SELECT certificate_identifier, permit_number, certificate_version, version, state, '', '', '', prepared_at_ms, valid_from_ms FROM certificate_versions
WHERE state = 'valid' AND certificate_identifier NOT IN (SELECT certificate_identifier FROM certificate_editions);
