-- +goose Up
-- Reports of work as the entries of the work stream tell them, derived and rebuildable: what somebody did at a time at a
-- workstation. subject is a person, or a keyed hash of a user name that belongs to nobody known (work_unknown).
-- workstation is a keyed hash, zeros for none. every_seconds is how often the program repeats itself, 0 for changes only.
CREATE TABLE IF NOT EXISTS work_report (
  subject       BINARY(16) NOT NULL,
  at            DATETIME(6) NOT NULL,
  seq           BIGINT UNSIGNED NOT NULL,
  workstation   BINARY(16) NOT NULL,
  working       BOOLEAN NOT NULL,
  every_seconds SMALLINT UNSIGNED NOT NULL,
  unverified    BOOLEAN NOT NULL,
  PRIMARY KEY (subject, at, seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_report;
