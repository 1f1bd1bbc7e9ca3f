-- +goose Up
-- The groups whose keys a display shows; none are all keys.
CREATE TABLE IF NOT EXISTS wall_group (
  token     BINARY(16) NOT NULL,
  key_group BINARY(16) NOT NULL,
  PRIMARY KEY (token, key_group)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS wall_group;
