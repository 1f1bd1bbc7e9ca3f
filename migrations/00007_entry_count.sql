-- +goose Up
-- Entries per quarter of an hour of occurred_at (bucket: quarter hours since 1970), kept in the append transaction.
CREATE TABLE entry_count (
  stream     TINYINT UNSIGNED NOT NULL,
  action     VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bucket     INT UNSIGNED NOT NULL,
  department BINARY(16) NOT NULL,
  total      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (stream, action, bucket, department)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE entry_count;
