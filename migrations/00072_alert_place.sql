-- +goose Up
-- From where an account was signed in to, as a keyed hash (HMAC-SHA-256), and when last. At most 64 for each account.
CREATE TABLE IF NOT EXISTS alert_place (
  account BINARY(16) NOT NULL,
  place   BINARY(32) NOT NULL,
  seen_at DATETIME(6) NOT NULL,
  PRIMARY KEY (account, place),
  KEY alert_place_age (account, seen_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_place;
