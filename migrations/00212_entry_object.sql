-- +goose Up
-- What a bulk change touched, one row a thing and entry. Derived from the bodies.
CREATE TABLE IF NOT EXISTS entry_object (
  object_id   VARCHAR(190) NOT NULL,
  object_type VARCHAR(64) NOT NULL,
  occurred_at DATETIME(6) NOT NULL,
  seq         BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (object_id, object_type, occurred_at, seq),
  KEY entry_object_seq (seq, object_id, object_type)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_object;
