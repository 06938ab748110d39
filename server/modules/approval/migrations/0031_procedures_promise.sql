-- 承诺时限 as it stood when the application was filed; cases from before it was kept have the matter's own.
ALTER TABLE procedures ADD COLUMN promised_working_days {{integer}};
