package signin

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// RecentFor is how long after a password was entered its owner may give roles and reset passwords.
const RecentFor = 10 * time.Minute

const (
	selectConfirmed = "SELECT COALESCE(confirmed_at, created_at) FROM session WHERE id = ?"
	updateConfirmed = "UPDATE session SET confirmed_at = ? WHERE id = ?"
)

// ConfirmPassword marks the actor's session: the password was entered just now. It gives until when that counts.
// BAD_USER_INPUT when the password is wrong, which counts as a failed sign-in.
func (s *Service) ConfirmPassword(ctx context.Context, actor *access.Actor, password string) (until time.Time, err error) {
	if actor == nil || actor.Account.IsZero() || actor.Session.IsZero() {
		return until, signInFirst()
	}
	if err := checkGivenPassword("password", password); err != nil {
		return until, err
	}
	verified, err := s.verifyCurrent(ctx, actor, "password", password, "confirm_password")
	if err != nil {
		return until, err
	}
	now := s.moment()
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if _, err := tx.Exec(ctx, updateConfirmed, now, actor.Session); err != nil {
			return err
		}
		if err := s.gotIn(ctx, tx, verified.under); err != nil {
			return err
		}
		_, err := s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AuthPasswordConfirmed, actor.Account, actor.Person))
		return err
	})
	return now.Add(RecentFor), err
}

// requireRecent asks for a permission and for a password entered lately. FORBIDDEN with required "confirmPassword"
// when it was not.
func (s *Service) requireRecent(ctx context.Context, actor *access.Actor, p access.Permission) error {
	if _, err := s.access.Require(ctx, actor, p); err != nil {
		return err
	}
	if actor.IsSystem() {
		return nil
	}
	return s.enteredLately(ctx, actor)
}

// enteredLately asks for a password entered lately, as requireRecent does.
func (s *Service) enteredLately(ctx context.Context, actor *access.Actor) error {
	var at time.Time
	err := s.db.Get(ctx, &at, selectConfirmed, actor.Session)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err != nil || s.moment().Sub(at) > RecentFor {
		return fault.New(fault.Forbidden,
			"This needs your password, entered within the last 10 minutes. Enter it with confirmPassword and try again.").
			With("required", "confirmPassword")
	}
	return nil
}
