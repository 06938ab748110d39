-- Who signed so far: at the start each of them is looked for among the certificates that the bureau has kept.
CREATE INDEX IF NOT EXISTS certificate_signings_by_signer ON certificate_signings (signer_serial);
