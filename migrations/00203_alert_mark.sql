-- +goose Up
-- When what a mark of alert_watch stands for was looked at last, for causes that not every server finds: of one that is
-- gone nobody would ever say that it is over.
CREATE TABLE IF NOT EXISTS alert_mark (
  rule    VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mark    VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seen_at DATETIME(6) NOT NULL,
  PRIMARY KEY (rule, mark)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_mark;
