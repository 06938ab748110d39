DROP TABLE IF EXISTS certificate_versions;
