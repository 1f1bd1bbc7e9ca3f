-- +goose Up
-- How long entries are kept. The narrowest row that fits an entry decides: source and entity_type are '' for all.
-- keep_days NULL keeps for good; the limits, which only rows of a whole stream have, let the oldest go earlier.
CREATE TABLE IF NOT EXISTS retention_policy (
  stream      TINYINT UNSIGNED NOT NULL,
  source      VARCHAR(64) NOT NULL,
  entity_type VARCHAR(64) NOT NULL,
  keep_days   INT UNSIGNED NULL,
  max_entries BIGINT UNSIGNED NULL,
  max_bytes   BIGINT UNSIGNED NULL,
  changed_at  DATETIME(6) NULL,
  changed_by  BINARY(16) NULL,
  PRIMARY KEY (stream, source, entity_type)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS retention_policy;
