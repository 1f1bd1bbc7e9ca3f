-- +goose Up
-- Entries by occurred_at (UTC), kept in the append transaction, for everybody (department zero) and per department.
-- day counts days since 1970. slot 0 is the whole day, 1 to 24 its hours, 25 to 120 its quarters of an hour: the
-- days of any time zone are a few whole days and the same few slots of each of them, which lie together.
CREATE TABLE IF NOT EXISTS entry_count (
  department BINARY(16) NOT NULL,
  stream     TINYINT UNSIGNED NOT NULL,
  action     VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slot       TINYINT UNSIGNED NOT NULL,
  day        MEDIUMINT UNSIGNED NOT NULL,
  total      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (department, stream, action, slot, day)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_count;
