-- +goose Up
-- User names that were reported and belong to nobody known, for review: keyed hashes, and the entry that holds the name,
-- sealed.
CREATE TABLE IF NOT EXISTS work_unknown (
  subject  BINARY(16) NOT NULL PRIMARY KEY,
  seq      BIGINT UNSIGNED NOT NULL,
  first_at DATETIME(6) NOT NULL,
  last_at  DATETIME(6) NOT NULL,
  reports  BIGINT UNSIGNED NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_unknown;
