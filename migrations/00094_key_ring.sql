-- +goose Up
-- Keys that hang together; each names its ring in physical_key.ring.
CREATE TABLE IF NOT EXISTS key_ring (
  id         BINARY(16) NOT NULL PRIMARY KEY,
  name       VARCHAR(120) NOT NULL,
  version    INT UNSIGNED NOT NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE KEY key_ring_name (name)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS key_ring;
