-- +goose Up
-- What a caller already asked for under a key of its own: request is a hash of caller and key,
-- fingerprint a hash of the payload. Rows are permanent.
CREATE TABLE IF NOT EXISTS idempotency (
  request     BINARY(32) NOT NULL PRIMARY KEY,
  fingerprint BINARY(32) NOT NULL,
  first_seq   BIGINT UNSIGNED NULL,
  entries     INT UNSIGNED NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS idempotency;
