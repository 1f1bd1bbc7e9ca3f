-- +goose Up
-- Backups that the server makes by itself, one for each time that is due. state: 1 being made, 2 made, 3 failed, 4 made and
-- deleted since, because there are newer ones.
CREATE TABLE IF NOT EXISTS backup_run (
  due        DATETIME(6) NOT NULL PRIMARY KEY,
  state      TINYINT UNSIGNED NOT NULL,
  started_at DATETIME(6) NOT NULL,
  ended_at   DATETIME(6) NULL,
  file       VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entries    BIGINT UNSIGNED NOT NULL,
  checkpoint BIGINT UNSIGNED NOT NULL,
  bytes      BIGINT UNSIGNED NOT NULL,
  problem    VARCHAR(500) NOT NULL,
  KEY state (state, due)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS backup_run;
