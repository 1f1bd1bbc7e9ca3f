-- +goose Up
INSERT INTO turn (name, holder, held_until) VALUES ('alerts', NULL, NULL), ('hours', NULL, NULL), ('reminders', NULL, NULL) ON DUPLICATE KEY UPDATE name = VALUES(name);

-- +goose Down
DELETE FROM turn;
