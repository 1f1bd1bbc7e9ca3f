-- +goose Up
-- The role of displays on walls, which see the wall's page and nothing else.
INSERT IGNORE INTO role_policy (role, permission, scope) VALUES ('wall', 'walls.view', 'all');

-- +goose Down
DELETE FROM role_policy WHERE role = 'wall';
