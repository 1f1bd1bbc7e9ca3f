-- +goose Up
-- How far the words have been taken out of the entries. Whoever adds or removes some locks the row.
INSERT INTO ledger_task (name, next_seq, holder, held_until) VALUES ('words', 0, NULL, '2000-01-01 00:00:00')
  ON DUPLICATE KEY UPDATE name = VALUES(name);

-- +goose Down
DELETE FROM ledger_task WHERE name = 'words';
