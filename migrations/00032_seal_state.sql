-- +goose Up
-- How the master key that wraps seal_key stands. Row 1 is the fence: whoever stores a wrapped key locks it shared and
-- wraps with the key that it names (0: the only one there is). Row 2 is the turn of whoever rotates, and how far he
-- is: the generation whose rotation was last recorded, and how many keys were wrapped anew since.
CREATE TABLE IF NOT EXISTS seal_state (
  id         TINYINT UNSIGNED NOT NULL PRIMARY KEY,
  generation BIGINT UNSIGNED NOT NULL,
  master_key BIGINT UNSIGNED NOT NULL,
  rotated_at DATETIME(6) NULL,
  rewrapped  BIGINT UNSIGNED NOT NULL,
  holder     BINARY(16) NULL,
  held_until DATETIME(6) NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS seal_state;
