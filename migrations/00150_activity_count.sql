-- +goose Up
-- How many events of a source were recorded and refused, by the UTC day on which they came. Kept in batches, for whoever
-- sends: what is on record, the ledger says.
CREATE TABLE IF NOT EXISTS activity_count (
  source   VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day      DATE NOT NULL,
  recorded BIGINT UNSIGNED NOT NULL,
  refused  BIGINT UNSIGNED NOT NULL,
  last_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (source, day)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS activity_count;
