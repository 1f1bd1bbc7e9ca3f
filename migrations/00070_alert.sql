-- +goose Up
-- What needs somebody's attention. open_case is a keyed hash (HMAC-SHA-256) of the rule and what it found until the
-- alert is resolved, and NULL afterwards: its unique index keeps one case from having two alerts. urgency orders lists:
-- 8 for each step of the state, plus 3 less the severity. resolved_seq is the entry whose sealed part holds the note.
-- ending says how the cause of one that ended by itself ended. key_id or key_group is what it is about, if any.
CREATE TABLE IF NOT EXISTS alert (
  id             BINARY(16) NOT NULL PRIMARY KEY,
  rule           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  open_case      BINARY(32) NULL,
  severity       TINYINT UNSIGNED NOT NULL,
  state          TINYINT UNSIGNED NOT NULL,
  urgency        TINYINT UNSIGNED NOT NULL,
  person         BINARY(16) NULL,
  department     BINARY(16) NULL,
  raised_at      DATETIME(6) NOT NULL,
  last_at        DATETIME(6) NOT NULL,
  evidence_count INT UNSIGNED NOT NULL,
  changed_at     DATETIME(6) NULL,
  changed_by     BINARY(16) NULL,
  resolved_seq   BIGINT UNSIGNED NULL,
  ending         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  key_id         BINARY(16) NULL,
  key_group      BINARY(16) NULL,
  UNIQUE KEY alert_open_case (open_case),
  KEY alert_urgency (urgency, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert;
