-- +goose Up
-- The alert rules that admins made. sealed is its name under subject, and mute_sealed why it is
-- muted under mute_subject: each goes with whoever wrote it. definition is JSON without anything
-- personal. version goes up with each change by an editor. defined_seq is the first entry that the rule, as it is, may raise
-- something for, and defined_at when it became so; next_seq is the first entry it has not been judged for. silent_since is
-- set while a silence that was told goes on. muted_count counts what was found since the mute began.
CREATE TABLE IF NOT EXISTS alert_rule (
  id            BINARY(16) NOT NULL PRIMARY KEY,
  subject       VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed        VARBINARY(8192) NOT NULL,
  definition    VARBINARY(16384) NOT NULL,
  enabled       TINYINT UNSIGNED NOT NULL,
  version       INT UNSIGNED NOT NULL,
  defined_seq   BIGINT UNSIGNED NOT NULL,
  defined_at    DATETIME(6) NOT NULL,
  next_seq      BIGINT UNSIGNED NOT NULL,
  created_at    DATETIME(6) NOT NULL,
  changed_at    DATETIME(6) NOT NULL,
  changed_by    BINARY(16) NULL,
  muted_until   DATETIME(6) NULL,
  mute_subject  VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NULL,
  mute_sealed   VARBINARY(4096) NULL,
  muted_count   INT UNSIGNED NOT NULL,
  silent_since  DATETIME(6) NULL,
  last_alert    BINARY(16) NULL,
  last_alert_at DATETIME(6) NULL,
  problem       VARCHAR(2000) NOT NULL,
  removed_at    DATETIME(6) NULL,
  KEY removed (removed_at, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_rule;
