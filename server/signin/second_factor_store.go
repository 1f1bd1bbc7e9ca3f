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
	selectFactor = "SELECT secret, created_at, confirmed_at, used_step, failures, locked_until FROM second_factor WHERE account = ?"
	lockFactor   = selectFactor + " FOR UPDATE"
	// insertFactor replaces one that was begun and never confirmed.
	insertFactor = "INSERT INTO second_factor (account, secret, created_at, used_step, failures) VALUES (?, ?, ?, 0, 0)" +
		" ON DUPLICATE KEY UPDATE secret = VALUES(secret), created_at = VALUES(created_at), used_step = 0, failures = 0, locked_until = NULL"
	confirmFactor = "UPDATE second_factor SET confirmed_at = ?, used_step = ?, failures = 0, locked_until = NULL WHERE account = ?"
	useFactor     = "UPDATE second_factor SET used_step = ?, failures = 0, locked_until = NULL WHERE account = ?"
	missFactor    = "UPDATE second_factor SET failures = ?, locked_until = ? WHERE account = ?"
	deleteFactor  = "DELETE FROM second_factor WHERE account = ?"
	hasFactor     = "SELECT COUNT(*) FROM second_factor WHERE account = ? AND confirmed_at IS NOT NULL"

	insertRecovery     = "INSERT INTO recovery_code (account, code_hash) VALUES (?, ?)"
	spendRecovery      = "DELETE FROM recovery_code WHERE account = ? AND code_hash = ?"
	deleteRecovery     = "DELETE FROM recovery_code WHERE account = ?"
	countRecovery      = "SELECT COUNT(*) FROM recovery_code WHERE account = ?"
	recoveryPurpose    = "recovery_code"
	recoveryCodesGiven = 10
)

// factorRow is the second factor of an account.
type factorRow struct {
	Secret      []byte       `db:"secret"` // sealed
	CreatedAt   time.Time    `db:"created_at"`
	ConfirmedAt sql.NullTime `db:"confirmed_at"`
	UsedStep    int64        `db:"used_step"`
	Failures    int          `db:"failures"`
	LockedUntil sql.NullTime `db:"locked_until"`
}

func (r *factorRow) wait(now time.Time) time.Duration {
	if !r.LockedUntil.Valid {
		return 0
	}
	return max(0, r.LockedUntil.Time.Sub(now))
}

// factor reads by one of the queries above, nil when there is none.
func (s *Service) factor(ctx context.Context, q mysql.Querier, query string, account id.ID) (*factorRow, error) {
	var row factorRow
	err := q.Get(ctx, &row, query, account)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &row, nil
}

// confirmedFactor is factor without one that was begun only.
func (s *Service) confirmedFactor(ctx context.Context, q mysql.Querier, query string, account id.ID) (*factorRow, error) {
	row, err := s.factor(ctx, q, query, account)
	if row != nil && !row.ConfirmedAt.Valid {
		row = nil
	}
	return row, err
}

// boundToFactor is authenticated with the secret: the same bytes in another row or column do not open.
func boundToFactor(account id.ID) []byte { return []byte("second_factor\x00" + account.String()) }

func (s *Service) openSecret(ctx context.Context, q mysql.Querier, account, person id.ID, sealed []byte) (string, error) {
	secret, err := s.seal.Unseal(ctx, q, seal.Person(person), boundToFactor(account), sealed)
	return string(secret), err
}

// recoveryHash is what is kept of a recovery code.
func (s *Service) recoveryHash(ctx context.Context, account id.ID, code string) ([]byte, error) {
	return s.seal.BlindIndex(ctx, recoveryPurpose, account.String()+"|"+code)
}

// replaceRecoveryCodes makes new codes, and the former ones worthless.
func (s *Service) replaceRecoveryCodes(ctx context.Context, tx *mysql.Tx, account id.ID) ([]string, error) {
	if _, err := tx.Exec(ctx, deleteRecovery, account); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodesGiven)
	for i := range codes {
		codes[i] = newRecoveryCode()
		hash, err := s.recoveryHash(ctx, account, tidyCode(codes[i]))
		if err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, insertRecovery, account, hash); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// spend uses up a recovery code and reports whether there was one.
func (s *Service) spend(ctx context.Context, tx *mysql.Tx, account id.ID, code string) (bool, error) {
	hash, err := s.recoveryHash(ctx, account, code)
	if err != nil {
		return false, err
	}
	result, err := tx.Exec(ctx, spendRecovery, account, hash)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}
