-- +goose Up
-- Backups that a server makes: one for each time that is due, and those that somebody asked for, which have no such time.
-- state: 1 waiting or being made, 2 made, 3 failed, 4 made and deleted since, because there are newer ones. unfinished is 1
-- while it is not over, so that there is one at a time. problem is a text with what stands in it, to be said in the reader's
-- language. verified_at is when the file was last read again and found as it was written.
CREATE TABLE IF NOT EXISTS backup_run (
  id          BINARY(16) NOT NULL PRIMARY KEY,
  due         DATETIME(6) NULL,
  unfinished  TINYINT UNSIGNED NULL,
  state       TINYINT UNSIGNED NOT NULL,
  asked_by    BINARY(16) NULL,
  started_at  DATETIME(6) NOT NULL,
  ended_at    DATETIME(6) NULL,
  verified_at DATETIME(6) NULL,
  file        VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entries     BIGINT UNSIGNED NOT NULL,
  checkpoint  BIGINT UNSIGNED NOT NULL,
  bytes       BIGINT UNSIGNED NOT NULL,
  problem     VARCHAR(2000) NOT NULL,
  UNIQUE KEY due (due),
  UNIQUE KEY unfinished (unfinished),
  KEY state (state, ended_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS backup_run;
