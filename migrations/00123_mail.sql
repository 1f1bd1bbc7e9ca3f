-- +goose Up
-- E-mail that waits to be sent, or that could not be. sealed is recipient, subject and text under subject's key. next_at is
-- when to try next; whoever tries moves it ahead first, so that nobody else does meanwhile and somebody does if he is
-- killed. What was sent is deleted; dead_at is when it was given up.
CREATE TABLE IF NOT EXISTS mail (
  id         BINARY(16) NOT NULL PRIMARY KEY,
  topic      VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  person     BINARY(16) NULL,
  subject    VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed     VARBINARY(16384) NOT NULL,
  attempts   SMALLINT UNSIGNED NOT NULL,
  problem    VARCHAR(100) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  next_at    DATETIME(6) NOT NULL,
  dead_at    DATETIME(6) NULL,
  KEY mail_next (dead_at, next_at),
  KEY mail_dead (dead_at, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS mail;
