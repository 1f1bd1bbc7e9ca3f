-- +goose Up
-- What reviewers said of entries: state is 1 for one that is flagged and 2 for one that was reviewed. Who said what, and
-- when, stand in the entries that refer to it. What is pruned goes from here.
CREATE TABLE IF NOT EXISTS entry_review (
  seq         BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  occurred_at DATETIME(6) NOT NULL,
  state       TINYINT UNSIGNED NOT NULL,
  KEY review_time (state, occurred_at, seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_review;
