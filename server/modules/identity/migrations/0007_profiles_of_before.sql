-- Accounts of before had no profile; their passwords count as changed when the account was made.
INSERT INTO account_profiles (account_id, state, state_reason, post, matters, clearance, phone, phone_index, email, email_index, id_number, password_changed_at_ms, password_initial, acting_for, version)
SELECT account_id, 'active', '', '', '[]', 'normal', '', '', '', '', '', created_at_ms, 0, '', 1 FROM accounts
WHERE account_id NOT IN (SELECT account_id FROM account_profiles);
