-- +goose Up
-- Which account an identity provider's user signs in to, by a keyed hash of the provider's issuer and its subject.
CREATE TABLE IF NOT EXISTS external_identity (
  identity_index BINARY(32) NOT NULL PRIMARY KEY,
  account        BINARY(16) NOT NULL,
  created_at     DATETIME(6) NOT NULL,
  KEY external_identity_account (account)
) ENGINE=InnoDB;

-- +goose Down
DROP TABLE IF EXISTS external_identity;
