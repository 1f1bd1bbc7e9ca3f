-- +goose Up
-- number_order sorts as that of physical_key does. resolution is NULL until somebody settled the difference.
CREATE TABLE IF NOT EXISTS inventory_difference (
  id           BINARY(16) NOT NULL PRIMARY KEY,
  inventory    BINARY(16) NOT NULL,
  key_id       BINARY(16) NULL,
  number       VARCHAR(64) NOT NULL,
  number_order VARCHAR(255) NOT NULL,
  kind         VARCHAR(16) CHARACTER SET ascii NOT NULL,
  resolution   VARCHAR(16) CHARACTER SET ascii NULL,
  resolved_at  DATETIME(6) NULL,
  resolved_by  BINARY(16) NULL,
  KEY differences_of (inventory, number_order, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS inventory_difference;
