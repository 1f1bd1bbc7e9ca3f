-- +goose Up
-- People whose entries may not be deleted. open_person is the person until the hold is released, so that there is one at
-- a time; the reason is sealed under the person's key.
CREATE TABLE IF NOT EXISTS legal_hold (
  id          BINARY(16) NOT NULL PRIMARY KEY,
  person      BINARY(16) NOT NULL,
  open_person BINARY(16) NULL,
  reason      VARBINARY(4096) NOT NULL,
  placed_at   DATETIME(6) NOT NULL,
  placed_by   BINARY(16) NULL,
  released_at DATETIME(6) NULL,
  released_by BINARY(16) NULL,
  UNIQUE KEY open_person (open_person),
  KEY placed (placed_at, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS legal_hold;
