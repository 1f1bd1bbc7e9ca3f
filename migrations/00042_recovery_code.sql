-- +goose Up
-- Codes that stand in for a second factor once, as keyed hashes of account and code. A used code's row is deleted.
CREATE TABLE IF NOT EXISTS recovery_code (
  account   BINARY(16) NOT NULL,
  code_hash BINARY(32) NOT NULL,
  PRIMARY KEY (account, code_hash)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS recovery_code;
