-- +goose Up
-- User names that were reported and belong to nobody known, for review: keyed hashes, and the entry that holds the name,
-- sealed. Who was dismissed waits no more, and still becomes somebody when his name is added to a person.
CREATE TABLE IF NOT EXISTS work_unknown (
  subject   BINARY(16) NOT NULL PRIMARY KEY,
  seq       BIGINT UNSIGNED NOT NULL,
  first_at  DATETIME(6) NOT NULL,
  last_at   DATETIME(6) NOT NULL,
  reports   BIGINT UNSIGNED NOT NULL,
  dismissed TINYINT NOT NULL DEFAULT 0
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_unknown;
