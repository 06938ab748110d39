-- The companies that agents of before stood for; an organisation has the id of its first agent.
INSERT INTO organisations (organisation_id, credit_code, organisation_name, state, registered_by, verified_by, version, created_at_ms)
SELECT min(account_id), credit_code, min(organisation_name), 'active', min(account_id), 'system', 1, min(created_at_ms) FROM accounts
WHERE kind = 'owner_agent' AND credit_code <> '' AND credit_code NOT IN (SELECT credit_code FROM organisations)
GROUP BY credit_code;
