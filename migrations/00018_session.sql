-- +goose Up
-- token is a hash of the cookie's value.
CREATE TABLE IF NOT EXISTS session (
  token      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  id         BINARY(16) NOT NULL,
  account    BINARY(16) NULL,
  data       VARBINARY(4096) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  seen_at    DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  UNIQUE KEY session_id (id),
  KEY session_account (account),
  KEY session_expiry (expires_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS session;
