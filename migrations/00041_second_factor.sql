-- +goose Up
-- A time-based one-time password (RFC 6238) beside the password. The secret is sealed under the person's key. It counts
-- once it is confirmed; used_step is the last time step whose code was taken, so that no code is taken twice. failures
-- are wrong codes in a row given by somebody who knew the password.
CREATE TABLE IF NOT EXISTS second_factor (
  account      BINARY(16) NOT NULL PRIMARY KEY,
  secret       VARBINARY(512) NOT NULL,
  created_at   DATETIME(6) NOT NULL,
  confirmed_at DATETIME(6) NULL,
  used_step    BIGINT NOT NULL,
  failures     INT UNSIGNED NOT NULL,
  locked_until DATETIME(6) NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS second_factor;
