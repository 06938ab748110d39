-- Accounts of before in the list of people.
INSERT INTO people_index (role, kind, state, region_code, account_name, account_id)
SELECT '', a.kind, p.state, a.region_code, a.account_name, a.account_id
FROM accounts a JOIN account_profiles p ON p.account_id = a.account_id
UNION ALL
SELECT r.role, a.kind, p.state, a.region_code, a.account_name, a.account_id
FROM accounts a JOIN account_profiles p ON p.account_id = a.account_id JOIN (
    SELECT 'window_clerk' AS role, '"window_clerk"' AS quoted
    UNION ALL SELECT 'acceptance_officer' AS role, '"acceptance_officer"' AS quoted
    UNION ALL SELECT 'reviewer' AS role, '"reviewer"' AS quoted
    UNION ALL SELECT 'section_head' AS role, '"section_head"' AS quoted
    UNION ALL SELECT 'deciding_leader' AS role, '"deciding_leader"' AS quoted
    UNION ALL SELECT 'certificate_officer' AS role, '"certificate_officer"' AS quoted
    UNION ALL SELECT 'supervisor' AS role, '"supervisor"' AS quoted
    UNION ALL SELECT 'system_admin' AS role, '"system_admin"' AS quoted
    UNION ALL SELECT 'security_admin' AS role, '"security_admin"' AS quoted
    UNION ALL SELECT 'audit_admin' AS role, '"audit_admin"' AS quoted
    UNION ALL SELECT 'rule_admin' AS role, '"rule_admin"' AS quoted
) r ON instr(a.roles, r.quoted) > 0
WHERE a.kind IN ('officer', 'administrator');
