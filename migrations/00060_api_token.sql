-- +goose Up
-- Tokens with which programs call. hash is SHA-256 of the token, which itself is stored nowhere. name and source name a
-- program and no person. networks holds CIDR blocks, separated by commas; empty allows any address. used_from is sealed.
-- expiring_at is expires_at until the expiry, or a revocation before it, was recorded.
CREATE TABLE IF NOT EXISTS api_token (
  id           BINARY(16) NOT NULL PRIMARY KEY,
  hash         BINARY(32) NOT NULL,
  name         VARCHAR(64) NOT NULL,
  role         VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source       VARCHAR(64) NOT NULL,
  networks     VARCHAR(1024) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at   DATETIME(6) NOT NULL,
  created_by   BINARY(16) NULL,
  expires_at   DATETIME(6) NULL,
  used_at      DATETIME(6) NULL,
  used_from    VARBINARY(512) NULL,
  revoked_at   DATETIME(6) NULL,
  expiring_at  DATETIME(6) NULL,
  UNIQUE KEY api_token_hash (hash),
  KEY api_token_expiry (expiring_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS api_token;
