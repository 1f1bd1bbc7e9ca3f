-- +goose Up
-- Where each user name was tried from, by keyed hashes of the folded name and of name and network together: failures
-- in a row from there, and when somebody last got in from there. sign_in_failure counts what came from elsewhere.
CREATE TABLE IF NOT EXISTS sign_in_address (
  username_index BINARY(32) NOT NULL,
  address_index  BINARY(32) NOT NULL,
  failures       INT UNSIGNED NOT NULL,
  failed_at      DATETIME(6) NOT NULL,
  locked_until   DATETIME(6) NULL,
  succeeded_at   DATETIME(6) NULL,
  kept_until     DATETIME(6) NOT NULL,
  PRIMARY KEY (username_index, address_index),
  KEY sign_in_address_age (kept_until)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS sign_in_address;
