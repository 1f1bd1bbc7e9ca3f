-- +goose Up
-- The one row whose lock orders all appends. frontier holds the roots of the perfect subtrees, largest first.
CREATE TABLE IF NOT EXISTS {ledger}.head (
  id          TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  size        BIGINT UNSIGNED NOT NULL,
  frontier    VARBINARY(2048) NOT NULL,
  recorded_at DATETIME(6) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS {ledger}.head;
