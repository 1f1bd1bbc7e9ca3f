-- +goose Up
CREATE TABLE IF NOT EXISTS department (
  id         BINARY(16) NOT NULL PRIMARY KEY,
  name       VARCHAR(120) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE KEY department_name (name)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS department;
