-- +goose Up
-- Where events are sent to. sealed is address, description and secrets under subject; of a removed one, the description only.
-- events is a set of bits, by the events' places. state: 1 active, 2 off, 3 paused because an event could not be delivered.
-- next_seq is the first entry that has not been dealt with. revision goes up with each change, so that whoever delivers for a
-- former one changes nothing.
CREATE TABLE IF NOT EXISTS webhook (
  id            BINARY(16) NOT NULL PRIMARY KEY,
  subject       VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sealed        VARBINARY(8192) NOT NULL,
  events        INT UNSIGNED NOT NULL,
  state         TINYINT UNSIGNED NOT NULL,
  next_seq      BIGINT UNSIGNED NOT NULL,
  revision      BIGINT UNSIGNED NOT NULL,
  failing_since DATETIME(6) NULL,
  delivered_at  DATETIME(6) NULL,
  created_at    DATETIME(6) NOT NULL,
  changed_at    DATETIME(6) NOT NULL,
  changed_by    BINARY(16) NULL,
  removed_at    DATETIME(6) NULL,
  KEY removed (removed_at, id)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS webhook;
