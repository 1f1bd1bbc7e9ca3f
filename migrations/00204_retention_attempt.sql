-- +goose Up
-- How often a retention run that is not over was begun or gone on with since it last came further.
CREATE TABLE IF NOT EXISTS retention_attempt (
  run      BINARY(16) NOT NULL PRIMARY KEY,
  attempts INT UNSIGNED NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS retention_attempt;
