-- +goose Up
-- Full tiles of the Merkle tree: 256 hashes of 32 bytes, at tree levels 0, 8, 16 … (tile levels 0, 1, 2 …).
CREATE TABLE IF NOT EXISTS {ledger}.tile (
  level  TINYINT UNSIGNED NOT NULL,
  number BIGINT UNSIGNED NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, number)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS {ledger}.tile;
