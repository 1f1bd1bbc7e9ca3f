-- +goose Up
-- What a role may do, and how far: scope is own, source, department, keys or all.
CREATE TABLE IF NOT EXISTS role_policy (
  role       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  permission VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope      VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (role, permission)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS role_policy;
