-- +goose Up
-- What the clock has raised an alert for, until its cause ends: subject is a loan, a group or a person by the rule, and
-- mark the due time, the day or the last day that was missed. alert stays when somebody resolved it, so that it is not
-- raised again for the same.
CREATE TABLE IF NOT EXISTS alert_watch (
  rule    VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject BINARY(16) NOT NULL,
  mark    VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  alert   BINARY(16) NOT NULL,
  PRIMARY KEY (rule, subject, mark)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_watch;
