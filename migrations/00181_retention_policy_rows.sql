-- +goose Up
INSERT INTO retention_policy (stream, source, entity_type, keep_days) VALUES
  (1, '', '', 730), (2, '', '', 365), (3, '', '', 90), (4, '', '', 90), (5, '', '', 730) ON DUPLICATE KEY UPDATE stream = VALUES(stream);

-- +goose Down
DELETE FROM retention_policy;
