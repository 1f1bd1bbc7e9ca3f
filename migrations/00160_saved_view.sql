-- +goose Up
-- Filters of lists that a person keeps under names. sealed is name and filter under the person's key; name is a keyed hash
-- (HMAC-SHA-256) of it, so that a list has no two of one name.
CREATE TABLE IF NOT EXISTS saved_view (
  id       BINARY(16) NOT NULL PRIMARY KEY,
  person   BINARY(16) NOT NULL,
  list     VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name     BINARY(32) NOT NULL,
  sealed   VARBINARY(8192) NOT NULL,
  saved_at DATETIME(6) NOT NULL,
  UNIQUE KEY saved_view_name (person, list, name)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS saved_view;
