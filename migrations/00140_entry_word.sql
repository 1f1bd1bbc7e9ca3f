-- +goose Up
-- The words that lie in plain in entries, folded as searches fold theirs. Derived from the bodies by a follower, in
-- batches and a moment later than the entries; verification does not cover it, and what is pruned goes from it.
CREATE TABLE IF NOT EXISTS entry_word (
  word        VARBINARY(64) NOT NULL,
  occurred_at DATETIME(6) NOT NULL,
  seq         BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (word, occurred_at, seq),
  KEY entry_word_seq (seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_word;
