-- +goose Up
-- What people consented to and what they withdrew, one row each time: the newest of a purpose counts. version names the
-- text that was shown.
CREATE TABLE IF NOT EXISTS consent (
  id          BINARY(16) NOT NULL PRIMARY KEY,
  person      BINARY(16) NOT NULL,
  purpose     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version     VARCHAR(32) NOT NULL,
  given       BOOLEAN NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  recorded_by BINARY(16) NULL,
  KEY consent_person (person, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS consent;
