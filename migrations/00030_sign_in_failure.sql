-- +goose Up
-- Failed sign-ins in a row, by the keyed hash of the folded user name, whether there is such an account or not:
-- names that exist and names that do not are answered alike. Rows are forgotten an hour after the last failure.
CREATE TABLE IF NOT EXISTS sign_in_failure (
  username_index BINARY(32) NOT NULL PRIMARY KEY,
  failures       INT UNSIGNED NOT NULL,
  failed_at      DATETIME(6) NOT NULL,
  locked_until   DATETIME(6) NULL,
  KEY sign_in_failure_age (failed_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS sign_in_failure;
