-- +goose Up
-- Files that hold entries which were deleted. state: 1 being written, 2 written, 3 its entries are to go or gone.
-- streams counts the entries of each stream, in the order of their codes. Until kept_until what was restored stays.
CREATE TABLE IF NOT EXISTS archive (
  id          BINARY(16) NOT NULL PRIMARY KEY,
  run         BINARY(16) NOT NULL,
  state       TINYINT UNSIGNED NOT NULL,
  created_at  DATETIME(6) NOT NULL,
  from_seq    BIGINT UNSIGNED NOT NULL,
  to_seq      BIGINT UNSIGNED NOT NULL,
  entries     BIGINT UNSIGNED NOT NULL,
  bytes       BIGINT UNSIGNED NOT NULL,
  streams     VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  oldest      DATETIME(6) NULL,
  newest      DATETIME(6) NULL,
  manifest    BINARY(32) NULL,
  pruned_by   BIGINT UNSIGNED NULL,
  verified_at DATETIME(6) NULL,
  damage      VARCHAR(500) NOT NULL,
  restored_at DATETIME(6) NULL,
  kept_until  DATETIME(6) NULL,
  KEY run (run, id),
  KEY state_seq (state, from_seq, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS archive;
