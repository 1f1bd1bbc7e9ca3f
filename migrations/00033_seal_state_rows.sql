-- +goose Up
INSERT INTO seal_state (id, generation, master_key, rewrapped) VALUES (1, 0, 0, 0), (2, 0, 0, 0);

-- +goose Down
DELETE FROM seal_state WHERE id IN (1, 2);
