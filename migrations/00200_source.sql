-- +goose Up
-- What a program that records activity declares of itself. Nothing in it is personal.
CREATE TABLE IF NOT EXISTS source (
  name       VARCHAR(64) NOT NULL,
  purpose    VARCHAR(1000) NOT NULL,
  plain      JSON NOT NULL, -- [{"entityType": "", "path": "/status"}]
  words      JSON NOT NULL, -- [{"action": "invoice.paid", "english": "", "latvian": ""}]
  changed_at DATETIME(6) NOT NULL,
  changed_by BINARY(16) NULL, -- NULL for one that the program declared itself
  PRIMARY KEY (name)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS source;
