-- +goose Up
-- When somebody worked, computed: times that do not overlap, cut at midnight UTC. began_at is when the uninterrupted work
-- began that this is part of. estimated says that no report told the end, corrected that a person said so.
CREATE TABLE IF NOT EXISTS work_span (
  person    BINARY(16) NOT NULL,
  from_at   DATETIME(6) NOT NULL,
  to_at     DATETIME(6) NOT NULL,
  began_at  DATETIME(6) NOT NULL,
  estimated BOOLEAN NOT NULL,
  corrected BOOLEAN NOT NULL,
  PRIMARY KEY (person, from_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS work_span;
