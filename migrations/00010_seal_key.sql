-- +goose Up
-- Data keys, wrapped by the master key. A destroyed key keeps its row, without its bytes.
CREATE TABLE IF NOT EXISTS seal_key (
  subject      VARCHAR(190) NOT NULL PRIMARY KEY,
  wrapped      VARBINARY(512) NULL,
  created_at   DATETIME(6) NOT NULL,
  destroyed_at DATETIME(6) NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS seal_key;
