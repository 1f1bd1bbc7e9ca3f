-- +goose Up
-- merged_into is the person who this one turned out to be: never one who was merged himself, so one step leads there.
-- profile is sealed under the person's own key: name, e-mail, phone, badge, employee number, company, external names.
CREATE TABLE IF NOT EXISTS person (
  id          BINARY(16) NOT NULL PRIMARY KEY,
  department  BINARY(16) NULL,
  language    VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  valid_until DATE NULL,
  profile     VARBINARY(16384) NOT NULL,
  version     INT UNSIGNED NOT NULL,
  created_at  DATETIME(6) NOT NULL,
  updated_at  DATETIME(6) NOT NULL,
  merged_into BINARY(16) NULL,
  KEY person_department (department),
  KEY person_merged (merged_into)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS person;
