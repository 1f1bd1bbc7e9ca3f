-- +goose Up
-- The roles of tokens. The scope source reaches what came from the token's own source.
INSERT IGNORE INTO role_policy (role, permission, scope) VALUES
  ('integrator', 'logs.actions.view', 'source'),
  ('integrator', 'logs.auth.view', 'source'),
  ('integrator', 'logs.personal.view', 'source'),
  ('integrator', 'logs.export', 'source'),
  ('integrator', 'activity.record', 'source'),
  ('integrator', 'auth.record', 'source'),
  ('integrator', 'work.report', 'source'),
  ('workstation', 'work.report', 'source'),
  ('screen', 'logs.keys.view', 'all'),
  ('screen', 'keys.view', 'all');

-- +goose Down
DELETE FROM role_policy WHERE role IN ('integrator', 'screen', 'workstation');
