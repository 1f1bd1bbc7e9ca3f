-- +goose Up
-- How much somebody worked on a date (display zone, days since 1970), computed: microseconds, and blocks of 40 minutes that
-- begin on it. last_seq is the highest place in the ledger of a report that is included.
CREATE TABLE IF NOT EXISTS work_day (
  person       BINARY(16) NOT NULL,
  day          MEDIUMINT UNSIGNED NOT NULL,
  working_us   BIGINT UNSIGNED NOT NULL,
  estimated_us BIGINT UNSIGNED NOT NULL,
  real_hours   SMALLINT UNSIGNED NOT NULL,
  unverified   BOOLEAN NOT NULL,
  last_seq     BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (person, day),
  KEY work_day_date (day, person)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_day;
