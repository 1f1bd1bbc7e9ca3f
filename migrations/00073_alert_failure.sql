-- +goose Up
-- Failed sign-ins of a short while, by keyed hashes (HMAC-SHA-256) of the address and of the name that was tried.
-- Rows are deleted once they no longer count.
CREATE TABLE IF NOT EXISTS alert_failure (
  address   BINARY(32) NOT NULL,
  username  BINARY(32) NOT NULL,
  seq       BIGINT UNSIGNED NOT NULL,
  failed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (address, username),
  KEY alert_failure_age (failed_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_failure;
