-- +goose Up
-- Displays that wait to be approved. code_hash is the hash of the code that the display shows, secret_hash that of the
-- token in its cookie, which becomes good once it is approved. asked_from is a keyed hash of the address, origin is sealed.
CREATE TABLE IF NOT EXISTS wall_pairing (
  id          BINARY(16) NOT NULL PRIMARY KEY,
  code_hash   BINARY(32) NOT NULL,
  secret_hash BINARY(32) NOT NULL,
  asked_from  BINARY(32) NULL,
  origin      VARBINARY(1024) NOT NULL,
  asked_at    DATETIME(6) NOT NULL,
  expires_at  DATETIME(6) NOT NULL,
  UNIQUE KEY wall_pairing_code (code_hash),
  UNIQUE KEY wall_pairing_secret (secret_hash),
  KEY wall_pairing_expiry (expires_at),
  KEY wall_pairing_from (asked_from, expires_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS wall_pairing;
