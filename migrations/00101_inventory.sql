-- +goose Up
-- A count of a cabinet's keys or, where cabinet is NULL, of a group's.
CREATE TABLE IF NOT EXISTS inventory (
  id               BINARY(16) NOT NULL PRIMARY KEY,
  taken_at         DATETIME(6) NOT NULL,
  taken_by         BINARY(16) NULL,
  cabinet          VARCHAR(100) NULL,
  key_group        BINARY(16) NULL,
  expected_count   INT UNSIGNED NOT NULL,
  found_count      INT UNSIGNED NOT NULL,
  difference_count INT UNSIGNED NOT NULL,
  KEY inventory_time (taken_at, id),
  KEY inventory_taker (taken_by, taken_at, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS inventory;
