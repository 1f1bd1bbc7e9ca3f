-- +goose Up
-- pending_key is the key while the handover waits and NULL afterwards, so that one key waits for one receiver at most.
-- override_seq is the entry that says why reservations made before it do not count, NULL where nothing was overridden.
-- What waits longer than expires_at counts as expired; state is PENDING, ACCEPTED, DECLINED or CANCELLED.
CREATE TABLE IF NOT EXISTS key_handover (
  id                  BINARY(16) NOT NULL PRIMARY KEY,
  key_id              BINARY(16) NOT NULL,
  pending_key         BINARY(16) NULL,
  loan                BINARY(16) NOT NULL,
  giver               BINARY(16) NOT NULL,
  giver_department    BINARY(16) NULL,
  receiver            BINARY(16) NOT NULL,
  receiver_department BINARY(16) NULL,
  due_at              DATETIME(6) NULL,
  requested_by        BINARY(16) NULL,
  requested_at        DATETIME(6) NOT NULL,
  expires_at          DATETIME(6) NOT NULL,
  override_seq        BIGINT UNSIGNED NULL,
  state               VARCHAR(16) CHARACTER SET ascii NOT NULL,
  decided_by          BINARY(16) NULL,
  decided_at          DATETIME(6) NULL,
  new_loan            BINARY(16) NULL,
  UNIQUE KEY handover_pending (pending_key),
  KEY handover_time (requested_at, id),
  KEY handover_of_key (key_id, requested_at, id),
  KEY handover_giver (giver, requested_at, id),
  KEY handover_receiver (receiver, requested_at, id),
  KEY handover_requester (requested_by, requested_at, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS key_handover;
