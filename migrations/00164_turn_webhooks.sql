-- +goose Up
INSERT INTO turn (name, holder, held_until) VALUES ('webhooks', NULL, NULL) ON DUPLICATE KEY UPDATE name = VALUES(name);

-- +goose Down
DELETE FROM turn WHERE name = 'webhooks';
