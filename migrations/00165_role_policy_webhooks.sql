-- +goose Up
-- Who says where events are sent to.
INSERT IGNORE INTO role_policy (role, permission, scope) VALUES ('root', 'webhooks.manage', 'all'), ('admin', 'webhooks.manage', 'all');

-- +goose Down
DELETE FROM role_policy WHERE permission = 'webhooks.manage';
