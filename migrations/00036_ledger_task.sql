-- +goose Up
-- Work on the ledger that outlives a process: one row for each pruning that is not finished, one for each destroyed key
-- whose addresses are being forgotten, and one for rebuilding. next_seq is where the first two go on; a rebuild begins
-- anew. holder is who rebuilds, until held_until unless he asks for longer; forgetting ends after held_until.
CREATE TABLE IF NOT EXISTS ledger_task (
  name       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  next_seq   BIGINT UNSIGNED NOT NULL,
  holder     BINARY(16) NULL,
  held_until DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS ledger_task;
