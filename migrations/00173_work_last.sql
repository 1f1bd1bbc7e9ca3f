-- +goose Up
-- The last report of each workstation of a person.
CREATE TABLE IF NOT EXISTS work_last (
  person        BINARY(16) NOT NULL,
  workstation   BINARY(16) NOT NULL,
  at            DATETIME(6) NOT NULL,
  seq           BIGINT UNSIGNED NOT NULL,
  working       BOOLEAN NOT NULL,
  every_seconds SMALLINT UNSIGNED NOT NULL,
  unverified    BOOLEAN NOT NULL,
  PRIMARY KEY (person, workstation),
  KEY work_last_at (working, at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_last;
