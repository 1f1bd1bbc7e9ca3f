-- +goose Up
-- What queries need of an entry, derived from its body and rebuildable from it.
-- stream: 1 key, 2 activity, 3 auth, 4 work, 5 system. outcome: 1 success, 2 failure, 3 denied.
CREATE TABLE IF NOT EXISTS entry_index (
  seq         BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  id          BINARY(16) NOT NULL,
  stream      TINYINT UNSIGNED NOT NULL,
  occurred_at DATETIME(6) NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  actor       BINARY(16) NULL,
  person      BINARY(16) NULL,
  department  BINARY(16) NULL,
  action      VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  entity_type VARCHAR(64) NOT NULL,
  entity_id   VARCHAR(190) NOT NULL,
  module      VARCHAR(100) NOT NULL,
  source      VARCHAR(64) NOT NULL,
  outcome     TINYINT UNSIGNED NOT NULL,
  KEY stream_time (stream, occurred_at, seq),
  KEY actor_time (actor, occurred_at, seq),
  KEY person_time (person, occurred_at, seq),
  KEY entity_time (entity_type, entity_id, occurred_at, seq),
  KEY action_time (action, occurred_at, seq),
  KEY source_time (source, stream, occurred_at, seq),
  KEY module_time (module, stream, occurred_at, seq),
  KEY department_time (department, stream, occurred_at, seq),
  KEY outcome_time (outcome, stream, occurred_at, seq)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS entry_index;
