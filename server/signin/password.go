package signin

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// ChangePassword gives the actor a new password and ends his other sessions. It gives the actor anew, since a
// first password need not be changed any more. Wrong current passwords count as failed sign-ins.
func (s *Service) ChangePassword(ctx context.Context, actor *access.Actor, current, wanted string) (*access.Actor, error) {
	if actor == nil || actor.Account.IsZero() {
		return nil, signInFirst()
	}
	if err := checkGivenPassword("current", current); err != nil {
		return nil, err
	}
	if err := checkNewPassword("new", wanted, actor.Username); err != nil {
		return nil, err
	}
	if current == wanted {
		return nil, fault.Field("new", "this is your current password: choose another")
	}
	verified, err := s.verifyCurrent(ctx, actor, "current", current, "change_password")
	if err != nil {
		return nil, err
	}
	hash, err := s.hashInTurn(ctx, wanted)
	if err != nil {
		return nil, err
	}
	if err := s.storePassword(ctx, actor, verified, hash); err != nil {
		return nil, err
	}
	s.config.PasswordChanged(actor.Username)
	changed := *actor
	changed.MustChangePassword = false
	return &changed, nil
}

// verifyCurrent compares a password, given in field, with the actor's own. where names the place in the entry of a failure.
func (s *Service) verifyCurrent(ctx context.Context, actor *access.Actor, field, current, where string) (*attempt, error) {
	a := &attempt{typed: actor.Username, origin: actor.Origin, welcome: true, where: where}
	var err error
	if a.under, err = s.countedUnder(ctx, actor.Username, actor.Origin.Network()); err != nil {
		return nil, err
	}
	if a.account, err = s.account(ctx, s.db, selectByID, actor.Account); err != nil {
		return nil, err
	}
	reason, err := s.try(ctx, a, SignInInput{Password: current})
	if err != nil {
		return nil, err
	}
	if reason == "" {
		return a, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err = s.refuse(ctx, a, reason)
	if reason == ReasonWrongPassword && fault.Is(err, fault.Unauthenticated) {
		return nil, fault.Field(field, "this is not your current password")
	}
	return nil, err
}

func (s *Service) hashInTurn(ctx context.Context, password string) (string, error) {
	done, err := s.hasher.slot(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return s.hasher.hash(password)
}

func (s *Service) storePassword(ctx context.Context, actor *access.Actor, verified *attempt, hash string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		account, err := s.account(ctx, tx, lockAccount, actor.Account)
		if err != nil {
			return err
		}
		if account == nil || account.PasswordHash != verified.account.PasswordHash {
			return fault.New(fault.Conflict, "The password was changed just now, from elsewhere. Sign in again.")
		}
		if _, err := tx.Exec(ctx, updatePassword, hash, false, account.ID); err != nil {
			return err
		}
		if err := s.gotIn(ctx, tx, verified.under); err != nil {
			return err
		}
		if err := s.revoke(ctx, tx, actor, account.ID, actor.Session, revokedPasswordChanged); err != nil {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AuthPasswordChanged, account.ID, account.Person))
		return err
	})
}

// ResetPasswordInput names the account whose password is set anew.
type ResetPasswordInput struct {
	Username string
	// Password is the new first password; "" makes a one-time password.
	Password string
}

// ResetPassword gives an account a new first password, which must be changed at the next sign-in, ends its
// sessions and forgets its failures. oneTime is the password that was made, "" when one was given.
func (s *Service) ResetPassword(ctx context.Context, actor *access.Actor, in ResetPasswordInput) (oneTime string, err error) {
	if _, err := s.access.Require(ctx, actor, access.AccessManage); err != nil {
		return "", err
	}
	username, err := tidyUsername(in.Username)
	if err != nil {
		return "", err
	}
	hash, oneTime, err := s.firstPassword(ctx, username, in.Password)
	if err != nil {
		return "", err
	}
	index, err := s.usernameIndex(ctx, username)
	if err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		return s.resetPassword(ctx, tx, actor, index, hash)
	})
	return oneTime, err
}

func (s *Service) resetPassword(ctx context.Context, tx *mysql.Tx, actor *access.Actor, index []byte, hash string) error {
	account, err := s.account(ctx, tx, selectByName+" FOR UPDATE", index)
	if err != nil {
		return err
	}
	if account == nil {
		return fault.New(fault.NotFound, "There is no account with this user name.")
	}
	if _, err := tx.Exec(ctx, updatePassword, hash, true, account.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, deleteLink, account.ID); err != nil {
		return err
	}
	if err := forgive(ctx, tx, index); err != nil {
		return err
	}
	if err := s.revoke(ctx, tx, actor, account.ID, id.ID{}, revokedPasswordChanged); err != nil {
		return err
	}
	_, err = s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AccessPasswordReset, account.ID, account.Person))
	return err
}
