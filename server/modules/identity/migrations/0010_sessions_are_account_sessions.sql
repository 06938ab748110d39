-- Whoever was signed in signs in again: the old rows do not know how far their sign-in had come.
DROP TABLE IF EXISTS sessions;
