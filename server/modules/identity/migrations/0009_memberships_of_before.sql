-- Agents of before act for their company as its administrators.
INSERT INTO memberships (membership_id, organisation_id, account_id, duty, state, authority_reference, valid_through_on, created_by, created_at_ms, ended_by, ended_reason, ended_at_ms)
SELECT a.account_id, o.organisation_id, a.account_id, 'admin', 'active', '', '', 'system', a.created_at_ms, '', '', 0
FROM accounts a JOIN organisations o ON o.credit_code = a.credit_code
WHERE a.kind = 'owner_agent' AND a.credit_code <> '' AND a.account_id NOT IN (SELECT account_id FROM memberships);
