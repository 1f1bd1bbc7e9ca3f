-- +goose Up
-- Files that are made in the background. sealed is what was ordered, under the person's key; run names whoever makes it just
-- now, so that one who lost his turn changes nothing. size is the file's in bytes, bytes what its chunks take.
CREATE TABLE IF NOT EXISTS export_job (
  id         BINARY(16) NOT NULL PRIMARY KEY,
  person     BINARY(16) NOT NULL,
  account    BINARY(16) NOT NULL,
  request    BINARY(32) NULL,
  list       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  format     VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed     VARBINARY(16384) NOT NULL,
  state      VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  problem    VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run        BINARY(16) NULL,
  attempts   SMALLINT UNSIGNED NOT NULL,
  rows_done  BIGINT UNSIGNED NOT NULL,
  rows_total BIGINT UNSIGNED NULL,
  size       BIGINT UNSIGNED NOT NULL,
  bytes      BIGINT UNSIGNED NOT NULL,
  chunks     INT UNSIGNED NOT NULL,
  created_at DATETIME(6) NOT NULL,
  started_at DATETIME(6) NULL,
  seen_at    DATETIME(6) NULL,
  expires_at DATETIME(6) NOT NULL,
  UNIQUE KEY export_job_request (person, request),
  KEY export_job_state (state, created_at),
  KEY export_job_expiry (expires_at)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS export_job;
