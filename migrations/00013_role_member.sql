-- +goose Up
CREATE TABLE IF NOT EXISTS role_member (
  person BINARY(16) NOT NULL,
  role   VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (person, role),
  KEY role_people (role, person)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS role_member;
