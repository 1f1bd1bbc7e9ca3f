-- +goose Up
-- When somebody last opened a view of a log, so that it is recorded once in a while and not with every page.
-- mark is a keyed hash (HMAC-SHA-256) of viewer, view and filter. Old rows are deleted.
CREATE TABLE IF NOT EXISTS view_mark (
  mark      BINARY(32) NOT NULL PRIMARY KEY,
  viewed_at DATETIME(6) NOT NULL,
  KEY view_mark_age (viewed_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS view_mark;
