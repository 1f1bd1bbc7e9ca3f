package signin

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	accountColumns  = "id, person, username, password_hash, must_change, disabled_at, signed_in_at"
	selectByName    = "SELECT " + accountColumns + " FROM account WHERE username_index = ?"
	selectByID      = "SELECT " + accountColumns + " FROM account WHERE id = ?"
	lockAccount     = "SELECT " + accountColumns + " FROM account WHERE id = ? FOR UPDATE"
	selectAny       = "SELECT COUNT(*) FROM (SELECT 1 FROM account LIMIT 1) AS some"
	insertAccount   = "INSERT INTO account (id, person, username_index, username, password_hash, must_change, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
	updateSignedIn  = "UPDATE account SET signed_in_at = ? WHERE id = ?"
	updatePassword  = "UPDATE account SET password_hash = ?, must_change = ? WHERE id = ?"
	selectOwners    = "SELECT id, person FROM account WHERE id IN (?)"
	usernamePurpose = "username"
)

type accountRow struct {
	ID           id.ID        `db:"id"`
	Person       id.ID        `db:"person"`
	Username     []byte       `db:"username"` // sealed
	PasswordHash string       `db:"password_hash"`
	MustChange   bool         `db:"must_change"`
	DisabledAt   sql.NullTime `db:"disabled_at"`
	SignedInAt   sql.NullTime `db:"signed_in_at"`
}

// account reads an account by one of the queries above, nil when there is none.
func (s *Service) account(ctx context.Context, q mysql.Querier, query string, key any) (*accountRow, error) {
	var row accountRow
	err := q.Get(ctx, &row, query, key)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

func (s *Service) usernameIndex(ctx context.Context, username string) ([]byte, error) {
	return s.seal.BlindIndex(ctx, usernamePurpose, foldUsername(username))
}

// boundTo is authenticated with an account's user name: the same bytes in another row do not open.
func boundTo(account id.ID) []byte { return []byte("account\x00" + account.String()) }

func (s *Service) openUsername(ctx context.Context, account, person id.ID, sealed []byte) (string, error) {
	name, err := s.seal.Unseal(ctx, s.db, seal.Person(person), boundTo(account), sealed)
	return string(name), err
}

func timeOrNil(t sql.NullTime) *time.Time {
	if !t.Valid {
		return nil
	}
	return &t.Time
}
