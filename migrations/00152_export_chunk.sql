-- +goose Up
-- A file's parts in their order, each packed and sealed under the key of whoever ordered it.
CREATE TABLE IF NOT EXISTS export_chunk (
  job    BINARY(16) NOT NULL,
  n      INT UNSIGNED NOT NULL,
  sealed MEDIUMBLOB NOT NULL,
  PRIMARY KEY (job, n)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS export_chunk;
