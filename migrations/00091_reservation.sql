-- +goose Up
-- held_key is the key while the reservation was neither used nor cancelled, and NULL afterwards. Whoever reserves holds the
-- lock of the key's row, which keeps two of them from lying across each other.
-- comment_seq is the entry that holds the comment, NULL where there is none.
CREATE TABLE IF NOT EXISTS reservation (
  id           BINARY(16) NOT NULL PRIMARY KEY,
  key_id       BINARY(16) NOT NULL,
  held_key     BINARY(16) NULL,
  holder       BINARY(16) NOT NULL,
  department   BINARY(16) NULL,
  from_at      DATETIME(6) NOT NULL,
  to_at        DATETIME(6) NOT NULL,
  reserved_by  BINARY(16) NULL,
  reserved_at  DATETIME(6) NOT NULL,
  comment_seq  BIGINT UNSIGNED NULL,
  cancelled_by BINARY(16) NULL,
  cancelled_at DATETIME(6) NULL,
  loan         BINARY(16) NULL,
  KEY reservation_held (held_key, to_at),
  KEY reservation_of_key (key_id, from_at, id),
  KEY reservation_of_holder (holder, from_at, id),
  KEY reservation_from (from_at, id),
  KEY reservation_to (to_at),
  KEY reservation_loan (loan)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS reservation;
