-- +goose Up
CREATE TABLE role_member (
  person BINARY(16) NOT NULL,
  role   VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (person, role),
  KEY role_people (role, person)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE role_member;
