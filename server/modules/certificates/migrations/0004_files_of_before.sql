-- The same, the file itself.
INSERT INTO certificate_files (certificate_identifier, copy_number, file_name, sha256, size_bytes, signed_at_ms)
SELECT certificate_identifier, 0, 'certificate.pdf', file_sha256, 0, prepared_at_ms FROM certificate_versions
WHERE state = 'valid' AND certificate_identifier NOT IN (SELECT certificate_identifier FROM certificate_files);
