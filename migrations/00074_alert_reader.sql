-- +goose Up
-- How far the rules have read the ledger. Whoever applies entries locks the one row, so that several servers raise each alert once.
CREATE TABLE IF NOT EXISTS alert_reader (
  id       TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  next_seq BIGINT UNSIGNED NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_reader;
