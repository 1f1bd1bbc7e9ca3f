-- +goose Up
INSERT INTO retention_schedule (id, next_due) VALUES (1, NULL) ON DUPLICATE KEY UPDATE id = VALUES(id);

-- +goose Down
DELETE FROM retention_schedule;
