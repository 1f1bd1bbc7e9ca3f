-- +goose Up
-- username_index is a keyed hash of the folded user name; username is sealed under the person's key.
CREATE TABLE IF NOT EXISTS account (
  id              BINARY(16) NOT NULL PRIMARY KEY,
  person          BINARY(16) NOT NULL,
  username_index  BINARY(32) NOT NULL,
  username        VARBINARY(512) NOT NULL,
  password_hash   VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  must_change     BOOLEAN NOT NULL,
  disabled_at     DATETIME(6) NULL,
  signed_in_at    DATETIME(6) NULL,
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY account_username (username_index),
  UNIQUE KEY account_person (person)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS account;
