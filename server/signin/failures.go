package signin

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/mysql"
)

// Failures are counted twice. By name and network, with a delay that grows: it stops guessing, and holds up
// nobody elsewhere. And by name alone, for guesses from many networks: a looser limit, which never applies to a
// network from which somebody got in with this name lately. So nobody can keep another out for good.

const (
	touchFailure = "INSERT INTO sign_in_failure (username_index, failures, failed_at) VALUES (?, 0, ?)" +
		" ON DUPLICATE KEY UPDATE username_index = VALUES(username_index)"
	lockFailure   = "SELECT failures, failed_at, locked_until FROM sign_in_failure WHERE username_index = ? FOR UPDATE"
	countFailure  = "UPDATE sign_in_failure SET failures = ?, failed_at = ?, locked_until = ? WHERE username_index = ?"
	forgetFailure = "DELETE FROM sign_in_failure WHERE username_index = ?"
	forgetOld     = "DELETE FROM sign_in_failure WHERE failed_at < ? LIMIT 1000"

	lockAddress = "SELECT failures, failed_at, locked_until, succeeded_at FROM sign_in_address" +
		" WHERE username_index = ? AND address_index = ? FOR UPDATE"
	countAddress = "INSERT INTO sign_in_address (username_index, address_index, failures, failed_at, locked_until, kept_until)" +
		" VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE failures = VALUES(failures), failed_at = VALUES(failed_at)," +
		" locked_until = VALUES(locked_until), kept_until = GREATEST(kept_until, VALUES(kept_until))"
	welcomeAddress = "INSERT INTO sign_in_address (username_index, address_index, failures, failed_at, succeeded_at, kept_until)" +
		" VALUES (?, ?, 0, ?, ?, ?) ON DUPLICATE KEY UPDATE failures = 0, locked_until = NULL," +
		" succeeded_at = VALUES(succeeded_at), kept_until = VALUES(kept_until)"
	forgiveAddresses   = "UPDATE sign_in_address SET failures = 0, locked_until = NULL WHERE username_index = ?"
	forgetOldAddresses = "DELETE FROM sign_in_address WHERE kept_until < ? LIMIT 1000"
	oldestWelcome      = "SELECT succeeded_at FROM sign_in_address WHERE username_index = ? AND succeeded_at IS NOT NULL" +
		" ORDER BY succeeded_at DESC LIMIT 1 OFFSET 32"
	forgetWelcomes = "DELETE FROM sign_in_address WHERE username_index = ? AND succeeded_at <= ?"
)

// addressPurpose keys the hashes of name and network.
const addressPurpose = "sign_in_address"

// countedUnder is what a try is counted under: keyed hashes of the name, and of name and network or trusted browser.
type countedUnder struct{ name, address []byte }

func (s *Service) countedUnder(ctx context.Context, username, place string) (countedUnder, error) {
	name, err := s.usernameIndex(ctx, username)
	if err != nil {
		return countedUnder{}, err
	}
	address, err := s.seal.BlindIndex(ctx, addressPurpose, foldUsername(username)+"|"+place)
	return countedUnder{name, address}, err
}

// turn is the right to try one password for a user name.
type turn struct {
	// wait is how long to wait first; nothing may be tried when it is above zero. byName says that it is the
	// limit of the name that asks for it, wherever the try comes from.
	wait   time.Duration
	byName bool
	// failures in a row, this try included until it succeeds, and the delay that begins should it fail.
	failures int
	delay    time.Duration
}

// failureRow is what is on record of a name, or of a name and a network.
type failureRow struct {
	Failures    int          `db:"failures"`
	FailedAt    time.Time    `db:"failed_at"`
	LockedUntil sql.NullTime `db:"locked_until"`
	SucceededAt sql.NullTime `db:"succeeded_at"`
}

func (r failureRow) wait(now time.Time) time.Duration {
	if !r.LockedUntil.Valid {
		return 0
	}
	return max(0, r.LockedUntil.Time.Sub(now))
}

func (r failureRow) welcome(now time.Time) bool {
	return r.SucceededAt.Valid && now.Sub(r.SucceededAt.Time) < welcomeFor
}

// takeTurn counts a try as failed before the password is looked at, so that many at once are not more than one
// after the other. Success forgets the count. Names that no account has are counted in the same way. welcome
// exempts the try from the limit of the name, as if somebody had got in from there.
func (s *Service) takeTurn(ctx context.Context, under countedUnder, welcome bool) (turn, error) {
	var t turn
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		now := s.moment()
		byName, byAddress, err := lockFailures(ctx, tx, under, now)
		if err != nil {
			return err
		}
		welcome := welcome || byAddress.welcome(now)
		if t = waitOf(byName, byAddress, welcome, now); t.wait > 0 {
			return nil
		}
		if err := countByAddress(ctx, tx, under, byAddress, &t, now); err != nil || welcome {
			return err
		}
		return countByName(ctx, tx, under, byName, &t, now)
	})
	return t, err
}

// lockFailures locks the row of the name, and with it every row of a name and a network.
func lockFailures(ctx context.Context, tx *mysql.Tx, under countedUnder, now time.Time) (byName, byAddress failureRow, err error) {
	if _, err := tx.Exec(ctx, touchFailure, under.name, now); err != nil {
		return byName, byAddress, err
	}
	if err := tx.Get(ctx, &byName, lockFailure, under.name); err != nil {
		return byName, byAddress, err
	}
	err = tx.Get(ctx, &byAddress, lockAddress, under.name, under.address)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return byName, byAddress, err
}

func waitOf(byName, byAddress failureRow, welcome bool, now time.Time) turn {
	if wait := byAddress.wait(now); wait > 0 {
		return turn{wait: wait}
	}
	if wait := byName.wait(now); wait > 0 && !welcome {
		return turn{wait: wait, byName: true}
	}
	return turn{}
}

func countByAddress(ctx context.Context, tx *mysql.Tx, under countedUnder, row failureRow, t *turn, now time.Time) error {
	if now.Sub(row.FailedAt) > forgottenAfter {
		row.Failures = 0
	}
	t.failures = row.Failures + 1
	t.delay = delayAfter(t.failures)
	until := sql.NullTime{Time: now.Add(t.delay), Valid: t.delay > 0}
	_, err := tx.Exec(ctx, countAddress, under.name, under.address, t.failures, now, until, now.Add(forgottenAfter))
	return err
}

func countByName(ctx context.Context, tx *mysql.Tx, under countedUnder, row failureRow, t *turn, now time.Time) error {
	failures := stillCounted(row.Failures, now.Sub(row.FailedAt)) + 1
	full := failures >= failuresOfName
	if full && t.delay < forgetsOneIn {
		t.failures, t.delay = failures, forgetsOneIn
	}
	until := sql.NullTime{Time: now.Add(forgetsOneIn), Valid: full}
	_, err := tx.Exec(ctx, countFailure, failures, now, until, under.name)
	return err
}

// gotIn forgets the failures of a name and remembers that somebody got in from this network.
func (s *Service) gotIn(ctx context.Context, tx *mysql.Tx, under countedUnder) error {
	now := s.moment()
	if _, err := tx.Exec(ctx, forgetFailure, under.name); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, welcomeAddress, under.name, under.address, now, now, now.Add(welcomeFor)); err != nil {
		return err
	}
	var oldest time.Time
	err := tx.Get(ctx, &oldest, oldestWelcome, under.name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = tx.Exec(ctx, forgetWelcomes, under.name, oldest)
	}
	return err
}

// forgive forgets the failures of a name, wherever they came from.
func forgive(ctx context.Context, tx *mysql.Tx, usernameIndex []byte) error {
	if _, err := tx.Exec(ctx, forgetFailure, usernameIndex); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, forgiveAddresses, usernameIndex)
	return err
}

// forgetFailures drops what counts no more.
func (s *Service) forgetFailures(ctx context.Context) error {
	if _, err := s.db.Exec(ctx, forgetOld, s.moment().Add(-forgottenAfter)); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, forgetOldAddresses, s.moment())
	return err
}
