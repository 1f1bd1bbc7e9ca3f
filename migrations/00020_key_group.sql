-- +goose Up
-- number is what clients of the key register know the group by. default_minutes or default_until says for how long keys are issued when nobody says. Times are local, HH:MM.
CREATE TABLE IF NOT EXISTS key_group (
  id              BINARY(16) NOT NULL PRIMARY KEY,
  number          INT UNSIGNED NOT NULL AUTO_INCREMENT,
  name            VARCHAR(120) NOT NULL,
  default_minutes INT UNSIGNED NULL,
  default_until   CHAR(5) NULL,
  curfew          CHAR(5) NULL,
  version         INT UNSIGNED NOT NULL,
  created_at      DATETIME(6) NOT NULL,
  UNIQUE KEY key_group_number (number),
  UNIQUE KEY key_group_name (name)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS key_group;
