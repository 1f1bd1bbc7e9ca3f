-- +goose Up
-- The places outside where checkpoints are kept, by their names without credentials: what was kept there last, and
-- since when nothing could be. reported is 1 once an entry tells of the outage. touched_at is when a server last said
-- that it keeps checkpoints there: a place that none has named for a day is forgotten.
CREATE TABLE IF NOT EXISTS checkpoint_sink (
  place         VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  size          BIGINT UNSIGNED NOT NULL,
  kept_at       DATETIME(6) NULL,
  failing_since DATETIME(6) NULL,
  failed_at     DATETIME(6) NULL,
  error         VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  reported      TINYINT UNSIGNED NOT NULL,
  touched_at    DATETIME(6) NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS checkpoint_sink;
