-- Colleagues to hand work to are looked for by region.
CREATE INDEX IF NOT EXISTS accounts_by_region ON accounts (kind, region_code, department, account_name);
