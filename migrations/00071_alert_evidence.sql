-- +goose Up
-- The entries that an alert rests on: the first fifty.
CREATE TABLE IF NOT EXISTS alert_evidence (
  alert BINARY(16) NOT NULL,
  seq   BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (alert, seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_evidence;
