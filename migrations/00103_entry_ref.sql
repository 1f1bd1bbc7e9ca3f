-- +goose Up
-- Which entries refer to which: target is the entry referred to, seq the one that does. Derived from the bodies.
CREATE TABLE IF NOT EXISTS entry_ref (
  target BIGINT UNSIGNED NOT NULL,
  role   VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seq    BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (target, role, seq),
  KEY entry_ref_seq (seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_ref;
