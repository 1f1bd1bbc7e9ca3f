-- +goose Up
-- Where entries came from: the first half of a keyed hash of the address (HMAC-SHA-256), since the address itself is
-- sealed. Erasure and retention may delete rows; verification does not cover them.
CREATE TABLE IF NOT EXISTS entry_ip (
  ip          BINARY(16) NOT NULL,
  occurred_at DATETIME(6) NOT NULL,
  seq         BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (ip, occurred_at, seq),
  KEY entry_ip_seq (seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_ip;
