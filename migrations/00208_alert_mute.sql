-- +goose Up
-- How built-in alert rules are muted, and were last; a rule that never was has no row. mute_sealed is why, under mute_subject,
-- and goes with whoever wrote it. What occurred from muted_since to muted_until is counted and never raised; muted_until moves
-- back when somebody ends a mute. version goes up with each change.
CREATE TABLE IF NOT EXISTS alert_mute (
  rule         VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  version      INT UNSIGNED NOT NULL,
  muted_since  DATETIME(6) NULL,
  muted_until  DATETIME(6) NULL,
  muted_by     BINARY(16) NULL,
  mute_subject VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NULL,
  mute_sealed  VARBINARY(4096) NULL,
  muted_count  INT UNSIGNED NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_mute;
