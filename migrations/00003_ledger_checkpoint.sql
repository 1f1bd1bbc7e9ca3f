-- +goose Up
-- Every checkpoint that was ever served, as the signed note itself.
CREATE TABLE IF NOT EXISTS {ledger}.checkpoint (
  size      BIGINT UNSIGNED NOT NULL,
  signed_at DATETIME(6) NOT NULL,
  root      BINARY(32) NOT NULL,
  note      BLOB NOT NULL,
  PRIMARY KEY (size, signed_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS {ledger}.checkpoint;
