-- +goose Up
-- Who may take keys of a group: one of person, department and role. weekdays has a bit for each day, Monday's the lowest,
-- and is NULL where the hours do not matter.
CREATE TABLE IF NOT EXISTS key_group_taker (
  key_group  BINARY(16) NOT NULL,
  place      SMALLINT UNSIGNED NOT NULL,
  person     BINARY(16) NULL,
  department BINARY(16) NULL,
  role       VARCHAR(64) NULL,
  weekdays   TINYINT UNSIGNED NULL,
  from_time  CHAR(5) NULL,
  to_time    CHAR(5) NULL,
  PRIMARY KEY (key_group, place)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS key_group_taker;
