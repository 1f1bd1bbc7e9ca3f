-- +goose Up
-- Days (UTC, since 1970) of persons of which something was reported since their hours were computed: what, lies between the
-- two times.
CREATE TABLE IF NOT EXISTS work_dirty (
  person  BINARY(16) NOT NULL,
  day     MEDIUMINT UNSIGNED NOT NULL,
  from_at DATETIME(6) NOT NULL,
  to_at   DATETIME(6) NOT NULL,
  PRIMARY KEY (person, day)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_dirty;
