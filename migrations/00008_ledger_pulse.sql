-- +goose Up
-- A process commits its own row here to learn that what it read before is on disk (the redo log is sequential).
CREATE TABLE IF NOT EXISTS ledger_pulse (
  process BINARY(16) NOT NULL PRIMARY KEY,
  beat    BIGINT UNSIGNED NOT NULL,
  beat_at DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS ledger_pulse;
