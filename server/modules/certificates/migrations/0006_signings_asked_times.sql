-- The same message, asked for again while its signature had not come back, is counted here instead of in a row a try:
-- of a row with a file all but one, else all of them, may be signatures that never came back.
ALTER TABLE certificate_signings ADD COLUMN asked_times {{integer}} NOT NULL DEFAULT 1;
