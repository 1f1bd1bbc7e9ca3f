-- +goose Up
-- What was or is to be deleted at a time, once by whichever server. state: 1 waiting or running, 2 done, 3 failed.
-- unfinished is 1 while it is not over, so that there is one at a time; as_of is the moment from which ages count.
CREATE TABLE IF NOT EXISTS retention_run (
  id         BINARY(16) NOT NULL PRIMARY KEY,
  unfinished TINYINT UNSIGNED NULL,
  state      TINYINT UNSIGNED NOT NULL,
  asked_by   BINARY(16) NULL,
  as_of      DATETIME(6) NOT NULL,
  next_seq   BIGINT UNSIGNED NOT NULL,
  ended_at   DATETIME(6) NULL,
  problem    VARCHAR(500) NOT NULL,
  UNIQUE KEY unfinished (unfinished),
  KEY as_of (as_of, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS retention_run;
