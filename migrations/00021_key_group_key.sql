-- +goose Up
CREATE TABLE IF NOT EXISTS key_group_key (
  key_group BINARY(16) NOT NULL,
  key_id    BINARY(16) NOT NULL,
  PRIMARY KEY (key_group, key_id),
  KEY groups_of_key (key_id, key_group)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS key_group_key;
