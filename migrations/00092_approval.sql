-- +goose Up
-- due_default: the groups' rules say when the keys are due, at the time of the decision. may_override: whoever asked may issue
-- against the groups' rules. request_seq and decision_seq are the first entries that hold what was written.
-- state: 0 waits, 1 approved, 2 refused, 3 cancelled; one that waits beyond expires_at has expired.
CREATE TABLE IF NOT EXISTS approval (
  id           BINARY(16) NOT NULL PRIMARY KEY,
  holder       BINARY(16) NOT NULL,
  department   BINARY(16) NULL,
  requested_by BINARY(16) NULL,
  requested_at DATETIME(6) NOT NULL,
  expires_at   DATETIME(6) NOT NULL,
  due_at       DATETIME(6) NULL,
  due_default  BOOLEAN NOT NULL,
  may_override BOOLEAN NOT NULL,
  source       VARCHAR(64) NOT NULL,
  state        TINYINT UNSIGNED NOT NULL,
  decided_by   BINARY(16) NULL,
  decided_at   DATETIME(6) NULL,
  request_seq  BIGINT UNSIGNED NOT NULL,
  decision_seq BIGINT UNSIGNED NULL,
  KEY approval_state (state, expires_at),
  KEY approval_of_holder (holder, id),
  KEY approval_of_requester (requested_by, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS approval;
