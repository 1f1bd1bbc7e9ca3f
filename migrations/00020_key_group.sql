-- +goose Up
CREATE TABLE IF NOT EXISTS key_group (
  id         BINARY(16) NOT NULL PRIMARY KEY,
  name       VARCHAR(120) NOT NULL,
  version    INT UNSIGNED NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE KEY key_group_name (name)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS key_group;
