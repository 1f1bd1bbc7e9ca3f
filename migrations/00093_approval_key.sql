-- +goose Up
-- The keys of an approval in the order asked for, and the loans that came of it.
CREATE TABLE IF NOT EXISTS approval_key (
  approval BINARY(16) NOT NULL,
  place    SMALLINT UNSIGNED NOT NULL,
  key_id   BINARY(16) NOT NULL,
  loan     BINARY(16) NULL,
  PRIMARY KEY (approval, place),
  KEY approvals_of_key (key_id, approval)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS approval_key;
