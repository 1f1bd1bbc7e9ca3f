-- +goose Up
-- Counts in the making, while keytrail rebuild works: as entry_count, and empty otherwise.
CREATE TABLE IF NOT EXISTS entry_count_rebuild (
  department BINARY(16) NOT NULL,
  stream     TINYINT UNSIGNED NOT NULL,
  action     VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot       TINYINT UNSIGNED NOT NULL,
  day        MEDIUMINT UNSIGNED NOT NULL,
  total      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (department, stream, action, slot, day)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_count_rebuild;
