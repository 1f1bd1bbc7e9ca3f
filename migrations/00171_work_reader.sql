-- +goose Up
-- How far the ledger has been read for working hours, and the display zone for which they were computed last: one row.
CREATE TABLE IF NOT EXISTS work_reader (
  id       TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  next_seq BIGINT UNSIGNED NOT NULL,
  zone     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_reader;
