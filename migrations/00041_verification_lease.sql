-- +goose Up
-- Until when the process that verifies a night has it to itself, unless it asks for longer. Then another may take over.
ALTER TABLE verification ADD COLUMN held_until DATETIME(6) NULL;

-- +goose Down
ALTER TABLE verification DROP COLUMN held_until;
