-- +goose Up
-- What a display on a wall may show: beside its token, whether names and rooms stand in full.
CREATE TABLE IF NOT EXISTS wall (
  token      BINARY(16) NOT NULL PRIMARY KEY,
  show_names BOOLEAN NOT NULL,
  show_rooms BOOLEAN NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS wall;
