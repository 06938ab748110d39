-- Previews ask which cases of a matter are restricted (限制知悉): few of very many.
CREATE INDEX IF NOT EXISTS procedures_restricted ON procedures (matter_code, confidentiality);
