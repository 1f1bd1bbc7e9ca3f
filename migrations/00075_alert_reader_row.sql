-- +goose Up
INSERT INTO alert_reader (id, next_seq) VALUES (1, 0) ON DUPLICATE KEY UPDATE id = 1;

-- +goose Down
DELETE FROM alert_reader;
