-- +goose Up
-- Which reminders to bring back a key were given to the outbox. kind is before, overdue or daily, and moment when its time
-- came: each is given once. mail is the e-mail while it is wanted.
CREATE TABLE IF NOT EXISTS reminder (
  loan    BINARY(16) NOT NULL,
  kind    VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  moment  DATETIME(6) NOT NULL,
  mail    BINARY(16) NULL,
  sent_at DATETIME(6) NULL,
  PRIMARY KEY (loan, kind, moment),
  KEY reminder_mail (mail),
  KEY reminder_moment (moment)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS reminder;
