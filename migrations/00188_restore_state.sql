-- +goose Up
-- A restore of a backup that is not over: nobody serves from this database until the row is gone. state: 1 its tables are
-- being filled, 2 they are filled and verified, and what was erased since the backup is to be erased again.
CREATE TABLE IF NOT EXISTS restore_state (
  id         TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  backup     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state      TINYINT UNSIGNED NOT NULL,
  started_at DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS restore_state;
