-- +goose Up
-- Which workstation a token of the role workstation reports for: the first that it named, as a keyed hash.
CREATE TABLE IF NOT EXISTS work_device (
  token       BINARY(16) NOT NULL PRIMARY KEY,
  workstation BINARY(16) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_device;
