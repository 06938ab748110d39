CREATE INDEX IF NOT EXISTS permits_of_account ON permits (account_id, permit_number);
