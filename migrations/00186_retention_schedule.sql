-- +goose Up
-- When the next run by itself is due; NULL until the first server has looked.
CREATE TABLE IF NOT EXISTS retention_schedule (
  id       TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  next_due DATETIME(6) NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS retention_schedule;
