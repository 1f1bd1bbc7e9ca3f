-- +goose Up
-- What somebody said of a time instead of what was reported, as the entries work.corrected tell.
CREATE TABLE IF NOT EXISTS work_correction (
  person  BINARY(16) NOT NULL,
  from_at DATETIME(6) NOT NULL,
  seq     BIGINT UNSIGNED NOT NULL,
  to_at   DATETIME(6) NOT NULL,
  working BOOLEAN NOT NULL,
  PRIMARY KEY (person, from_at, seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_correction;
