-- +goose Up
-- How far the entries that are older than entry_object have been gone through. The row goes when all have been.
INSERT INTO ledger_task (name, next_seq, holder, held_until) VALUES ('objects', 0, NULL, '2000-01-01 00:00:00')
  ON DUPLICATE KEY UPDATE name = VALUES(name);

-- +goose Down
DELETE FROM ledger_task WHERE name = 'objects';
