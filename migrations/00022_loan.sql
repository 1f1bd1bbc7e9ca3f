-- +goose Up
-- ended_as says how a loan ended at returned_at: RETURNED, HANDED_OVER, LOST or VOIDED (it never was).
-- open_key is the key while the loan is open and NULL afterwards: its unique index keeps a key from ever having two holders.
CREATE TABLE IF NOT EXISTS loan (
  id             BINARY(16) NOT NULL PRIMARY KEY,
  key_id         BINARY(16) NOT NULL,
  open_key       BINARY(16) NULL,
  holder         BINARY(16) NOT NULL,
  department     BINARY(16) NULL,
  issued_by      BINARY(16) NULL,
  issued_at      DATETIME(6) NOT NULL,
  due_at         DATETIME(6) NULL,
  returned_at    DATETIME(6) NULL,
  returned_by    BINARY(16) NULL,
  ended_as       VARCHAR(16) CHARACTER SET ascii NULL,
  issued_entry   BINARY(16) NOT NULL,
  returned_entry BINARY(16) NULL,
  UNIQUE KEY loan_open_key (open_key),
  KEY loan_of_key (key_id, issued_at),
  KEY loan_of_holder (holder, issued_at),
  KEY loan_due (returned_at, due_at),
  KEY loan_issued (issued_at, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS loan;
