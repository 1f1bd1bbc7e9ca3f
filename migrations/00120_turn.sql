-- +goose Up
-- Whose turn it is to do what the clock asks for: one server at a time, until held_until unless it is kept.
CREATE TABLE IF NOT EXISTS turn (
  name       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  holder     BINARY(16) NULL,
  held_until DATETIME(6) NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS turn;
