-- +goose Up
-- Each verification of the whole ledger. night is the date of a nightly one, of which there is one a night however
-- many servers run; finished_at is NULL while it runs, and stays so when it could not be finished. held_until is until
-- when the process that verifies a night has it to itself, unless it asks for longer: then another may take over.
CREATE TABLE IF NOT EXISTS verification (
  id          BINARY(16) NOT NULL PRIMARY KEY,
  night       DATE NULL,
  started_at  DATETIME(6) NOT NULL,
  finished_at DATETIME(6) NULL,
  entries     BIGINT UNSIGNED NOT NULL,
  root        VARBINARY(32) NOT NULL,
  findings    INT UNSIGNED NOT NULL,
  ok          TINYINT UNSIGNED NOT NULL,
  held_until  DATETIME(6) NULL,
  UNIQUE KEY verification_night (night),
  KEY verification_finished (finished_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS verification;
