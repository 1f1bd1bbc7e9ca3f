-- +goose Up
-- What stays of a pruned entry: the data of its leaf (SHA-256 of its body), and the number of the log.pruned entry
-- that says so. Append-only.
CREATE TABLE IF NOT EXISTS {ledger}.pruned_leaf (
  seq       BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  leaf_data BINARY(32) NOT NULL,
  pruned_by BIGINT UNSIGNED NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS {ledger}.pruned_leaf;
