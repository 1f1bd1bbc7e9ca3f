-- +goose Up
-- The ledger itself: one row an entry, never changed. leaf is the RFC 6962 leaf hash of SHA-256(body).
CREATE TABLE IF NOT EXISTS {ledger}.entry (
  seq  BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  id   BINARY(16) NOT NULL,
  body MEDIUMBLOB NOT NULL,
  leaf BINARY(32) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS {ledger}.entry;
