-- +goose Up
-- Of whom a webhook was sent something: ids only, kept for as long as somebody may ask who received what is about him.
CREATE TABLE IF NOT EXISTS webhook_recipient (
  person   BINARY(16) NOT NULL,
  webhook  BINARY(16) NOT NULL,
  events   BIGINT UNSIGNED NOT NULL,
  first_at DATETIME(6) NOT NULL,
  last_at  DATETIME(6) NOT NULL,
  PRIMARY KEY (person, webhook)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS webhook_recipient;
