-- +goose Up
INSERT INTO {ledger}.head (id, size, frontier, recorded_at) VALUES (1, 0, '', '1970-01-01 00:00:00.000000');

-- +goose Down
DELETE FROM {ledger}.head WHERE id = 1;
