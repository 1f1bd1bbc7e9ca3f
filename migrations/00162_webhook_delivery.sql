-- +goose Up
-- An event that was sent to a webhook, or is to be. state: 1 tried again at next_at, 2 delivered, 3 given up, 4 to be sent once
-- more because somebody asked for it. status is that of the last answer, 0 for none; sealed is the beginning of what it said.
CREATE TABLE IF NOT EXISTS webhook_delivery (
  webhook    BINARY(16) NOT NULL,
  seq        BIGINT UNSIGNED NOT NULL,
  entry      BINARY(16) NOT NULL,
  event      TINYINT UNSIGNED NOT NULL,
  state      TINYINT UNSIGNED NOT NULL,
  attempts   SMALLINT UNSIGNED NOT NULL,
  status     SMALLINT UNSIGNED NOT NULL,
  problem    VARCHAR(200) NOT NULL,
  sealed     VARBINARY(4096) NULL,
  millis     INT UNSIGNED NOT NULL,
  first_at   DATETIME(6) NOT NULL,
  last_at    DATETIME(6) NOT NULL,
  next_at    DATETIME(6) NULL,
  PRIMARY KEY (webhook, seq),
  KEY webhook_state (webhook, state, seq),
  KEY state_last (state, last_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS webhook_delivery;
