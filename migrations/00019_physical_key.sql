-- +goose Up
-- active_number is the number while the key is in use and NULL once it is retired, so that a number can be used again.
-- number_order is the number with its digits padded, so that 9 sorts before 10.
CREATE TABLE IF NOT EXISTS physical_key (
  id            BINARY(16) NOT NULL PRIMARY KEY,
  number        VARCHAR(64) NOT NULL,
  active_number VARCHAR(64) NULL,
  number_order  VARCHAR(255) NOT NULL,
  label         VARCHAR(200) NOT NULL,
  category      VARCHAR(100) NOT NULL,
  building      VARCHAR(100) NOT NULL,
  floor         VARCHAR(100) NOT NULL,
  room          VARCHAR(100) NOT NULL,
  cabinet       VARCHAR(100) NOT NULL,
  hook          VARCHAR(100) NOT NULL,
  kind          VARCHAR(16) NOT NULL,
  copy_of       BINARY(16) NULL,
  approval      BOOLEAN NOT NULL,
  ring          BINARY(16) NULL,
  version       INT UNSIGNED NOT NULL,
  created_at    DATETIME(6) NOT NULL,
  updated_at    DATETIME(6) NOT NULL,
  lost_at       DATETIME(6) NULL,
  found_at      DATETIME(6) NULL,
  retired_at    DATETIME(6) NULL,
  UNIQUE KEY key_active_number (active_number),
  KEY key_order (number_order, id),
  KEY key_copies (copy_of, number_order),
  KEY key_of_ring (ring, number_order)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS physical_key;
