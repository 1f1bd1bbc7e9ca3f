-- +goose Up
-- A cause that was found while its rule is muted has no alert: it is counted once, and let go when the mute is over, to be
-- raised if it still holds.
ALTER TABLE alert_watch MODIFY alert BINARY(16) NULL;

-- +goose Down
DELETE FROM alert_watch WHERE alert IS NULL;
ALTER TABLE alert_watch MODIFY alert BINARY(16) NOT NULL;
