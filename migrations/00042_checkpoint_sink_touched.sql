-- +goose Up
-- When a server last said that it keeps checkpoints there. A place that none has named for a day is forgotten.
ALTER TABLE checkpoint_sink ADD COLUMN touched_at DATETIME(6) NULL;

-- +goose Down
ALTER TABLE checkpoint_sink DROP COLUMN touched_at;
