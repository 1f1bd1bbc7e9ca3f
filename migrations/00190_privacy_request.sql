-- +goose Up
-- Requests to erase a person. open_person is the person until the request is decided, so that there is one at a time.
-- state: 0 waits, 1 refused, 2 erased but what is left in files is not worthless yet, 3 complete. request_seq and
-- decision_seq are the entries that hold what was written, sealed under the person.
CREATE TABLE IF NOT EXISTS privacy_request (
  id           BINARY(16) NOT NULL PRIMARY KEY,
  person       BINARY(16) NOT NULL,
  open_person  BINARY(16) NULL,
  requested_by BINARY(16) NULL,
  requested_at DATETIME(6) NOT NULL,
  request_seq  BIGINT UNSIGNED NOT NULL,
  state        TINYINT UNSIGNED NOT NULL,
  decided_by   BINARY(16) NULL,
  decided_at   DATETIME(6) NULL,
  decision_seq BIGINT UNSIGNED NULL,
  completed_at DATETIME(6) NULL,
  UNIQUE KEY privacy_request_open (open_person),
  KEY privacy_request_state (state, id),
  KEY privacy_request_person (person, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS privacy_request;
