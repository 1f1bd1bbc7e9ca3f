-- +goose Up
-- One-time links by which a person sets his password, one an account at most. secret_hash is SHA-256 of the secret.
CREATE TABLE IF NOT EXISTS account_link (
  account     BINARY(16) NOT NULL PRIMARY KEY,
  secret_hash BINARY(32) NOT NULL,
  made_at     DATETIME(6) NOT NULL,
  expires_at  DATETIME(6) NOT NULL,
  UNIQUE KEY account_link_secret (secret_hash),
  KEY account_link_expiry (expires_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS account_link;
