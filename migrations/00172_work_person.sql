-- +goose Up
-- Whose work is recorded, and between which times. Whoever computes a person's hours locks his row.
CREATE TABLE IF NOT EXISTS work_person (
  person   BINARY(16) NOT NULL PRIMARY KEY,
  first_at DATETIME(6) NOT NULL,
  last_at  DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_person;
