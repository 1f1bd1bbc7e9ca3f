-- +goose Up
-- token is a hash of the cookie's value. origin, sealed under the account's person, is where the sign-in came from.
-- older marks a session of the older systems' endpoints, which reaches nothing else.
-- confirmed_at is when the password was last entered again, NULL when it was not since the sign-in.
CREATE TABLE IF NOT EXISTS session (
  token      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  id         BINARY(16) NOT NULL,
  account    BINARY(16) NULL,
  data       VARBINARY(4096) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  seen_at    DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  origin     VARBINARY(4096) NULL,
  confirmed_at DATETIME(6) NULL,
  older      BOOLEAN NOT NULL DEFAULT FALSE,
  UNIQUE KEY session_id (id),
  KEY session_account (account),
  KEY session_expiry (expires_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS session;
