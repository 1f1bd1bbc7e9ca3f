-- +goose Up
-- Which alerts were raised for a rule that an admin made.
CREATE TABLE IF NOT EXISTS alert_of_rule (
  alert BINARY(16) NOT NULL PRIMARY KEY,
  rule  BINARY(16) NOT NULL
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS alert_of_rule;
