package signin

import (
	"context"
	"database/sql"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

const (
	touchFailure = "INSERT INTO sign_in_failure (username_index, failures, failed_at) VALUES (?, 0, ?)" +
		" ON DUPLICATE KEY UPDATE username_index = VALUES(username_index)"
	lockFailure   = "SELECT failures, failed_at, locked_until FROM sign_in_failure WHERE username_index = ? FOR UPDATE"
	countFailure  = "UPDATE sign_in_failure SET failures = ?, failed_at = ?, locked_until = ? WHERE username_index = ?"
	forgetFailure = "DELETE FROM sign_in_failure WHERE username_index = ?"
	forgetOld     = "DELETE FROM sign_in_failure WHERE failed_at < ? LIMIT 1000"
)

// turn is the right to try one password for a user name.
type turn struct {
	// wait is how long to wait first; nothing may be tried when it is above zero.
	wait time.Duration
	// failures in a row, this try included until it succeeds, and the delay that begins should it fail.
	failures int
	delay    time.Duration
}

// takeTurn counts a try as failed before the password is looked at, so that many at once are not more than one
// after the other. Success forgets the count. Names that no account has are counted in the same way.
func (s *Service) takeTurn(ctx context.Context, usernameIndex []byte) (turn, error) {
	var t turn
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		now := s.moment()
		if _, err := tx.Exec(ctx, touchFailure, usernameIndex, now); err != nil {
			return err
		}
		var row struct {
			Failures    int          `db:"failures"`
			FailedAt    time.Time    `db:"failed_at"`
			LockedUntil sql.NullTime `db:"locked_until"`
		}
		if err := tx.Get(ctx, &row, lockFailure, usernameIndex); err != nil {
			return err
		}
		t = turn{}
		if row.LockedUntil.Valid && now.Before(row.LockedUntil.Time) {
			t.wait = row.LockedUntil.Time.Sub(now)
			return nil
		}
		if now.Sub(row.FailedAt) > forgottenAfter {
			row.Failures = 0
		}
		t.failures = row.Failures + 1
		t.delay = delayAfter(t.failures)
		until := sql.NullTime{Time: now.Add(t.delay), Valid: t.delay > 0}
		_, err := tx.Exec(ctx, countFailure, t.failures, now, until, usernameIndex)
		return err
	})
	return t, err
}
