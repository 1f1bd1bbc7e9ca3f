-- +goose Up
-- Keyed hashes of what may belong to one person only (kind: badge, employee_number, external_name), so that two writers cannot both take it.
CREATE TABLE IF NOT EXISTS person_unique (
  kind   VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  value  BINARY(32) NOT NULL,
  person BINARY(16) NOT NULL,
  PRIMARY KEY (kind, value),
  KEY person_values (person)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS person_unique;
