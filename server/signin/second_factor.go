package signin

import (
	"context"
	"database/sql"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// SecondFactor is what a person may know of his second factor.
type SecondFactor struct {
	AddedAt           time.Time
	RecoveryCodesLeft int
}

// TotpEnrolment is a secret that waits for its first code.
type TotpEnrolment struct {
	// Secret in base32, URI as authenticator apps read it, and QRCode as a PNG in a data: URL of the same.
	Secret, URI, QRCode string
	// ExpiresAt is when the secret is worth nothing unless it was confirmed.
	ExpiresAt time.Time
}

// Proof shows that it is the owner of an account who asks: his password, or a code of his second factor.
type Proof struct{ Password, Code string }

// SecondFactor gives the actor's second factor, nil when he has none.
func (s *Service) SecondFactor(ctx context.Context, actor *access.Actor) (*SecondFactor, error) {
	if actor == nil || actor.Account.IsZero() {
		return nil, nil
	}
	row, err := s.confirmedFactor(ctx, s.db, selectFactor, actor.Account)
	if row == nil || err != nil {
		return nil, err
	}
	f := &SecondFactor{AddedAt: row.ConfirmedAt.Time}
	return f, s.db.Get(ctx, &f.RecoveryCodesLeft, countRecovery, actor.Account)
}

// EnrolTotp begins a second factor (RFC 6238) for the actor. It counts once ConfirmTotp was given a code of it.
// CONFLICT when he has one, FORBIDDEN with required "confirmPassword" when his password was not entered lately: whoever
// finds a session open could keep its owner out.
func (s *Service) EnrolTotp(ctx context.Context, actor *access.Actor) (*TotpEnrolment, error) {
	if actor == nil || actor.Account.IsZero() {
		return nil, signInFirst()
	}
	if err := s.enteredLately(ctx, actor); err != nil {
		return nil, err
	}
	key, err := newTotpKey(actor.Username)
	if err != nil {
		return nil, err
	}
	image, err := qrCode(key)
	if err != nil {
		return nil, err
	}
	now := s.moment()
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		if row, err := s.confirmedFactor(ctx, tx, lockFactor, actor.Account); err != nil || row != nil {
			return orElse(err, fault.New(fault.Conflict, "You have a second factor already. Remove it before you add another."))
		}
		sealed, err := s.seal.Seal(ctx, tx, seal.Person(actor.Person), boundToFactor(actor.Account), []byte(key.Secret()))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, insertFactor, actor.Account, sealed, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &TotpEnrolment{Secret: key.Secret(), URI: key.URL(), QRCode: image, ExpiresAt: now.Add(enrolFor)}, nil
}

// orElse gives the first error, or the second when there is no first.
func orElse(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// ConfirmTotp makes the second factor count that EnrolTotp began, and gives the recovery codes, which are shown this
// once. BAD_USER_INPUT for a wrong code, RATE_LIMITED after many, CONFLICT when nothing waits to be confirmed.
func (s *Service) ConfirmTotp(ctx context.Context, actor *access.Actor, code string) (recovery []string, err error) {
	if actor == nil || actor.Account.IsZero() {
		return nil, signInFirst()
	}
	if err := checkCode(code); err != nil {
		return nil, err
	}
	var refused error
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		recovery, refused = nil, nil
		row, err := s.factor(ctx, tx, lockFactor, actor.Account)
		if err != nil {
			return err
		}
		if row == nil || row.ConfirmedAt.Valid || s.moment().Sub(row.CreatedAt) > enrolFor {
			return fault.New(fault.Conflict, "No second factor waits to be confirmed. Begin again.")
		}
		step, outcome, err := s.compareTotp(ctx, tx, actor.Account, actor.Person, row, tidyCode(code))
		if err != nil || outcome != nil {
			refused = outcome
			return err
		}
		if _, err := tx.Exec(ctx, confirmFactor, s.moment(), step, actor.Account); err != nil {
			return err
		}
		if recovery, err = s.replaceRecoveryCodes(ctx, tx, actor.Account); err != nil {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AuthSecondFactorAdded, actor.Account, actor.Person))
		return err
	})
	if err != nil {
		return nil, err
	}
	return recovery, refused
}

// compareTotp compares a code with the secret of a locked row. refused is the answer to a wrong one, which is counted.
func (s *Service) compareTotp(ctx context.Context, tx *mysql.Tx, account, person id.ID, row *factorRow, code string) (step int64, refused, err error) {
	if wait := row.wait(s.moment()); wait > 0 {
		return 0, waitForCode(wait), nil
	}
	secret, err := s.openSecret(ctx, tx, account, person, row.Secret)
	if err != nil {
		return 0, nil, err
	}
	step, right, err := stepOf(secret, code, s.moment(), row.UsedStep)
	if err != nil || right {
		return step, nil, err
	}
	return 0, wrongCode(), s.countMiss(ctx, tx, account, row)
}

func (s *Service) countMiss(ctx context.Context, tx *mysql.Tx, account id.ID, row *factorRow) error {
	delay := codeDelay(row.Failures + 1)
	until := sql.NullTime{Time: s.moment().Add(delay), Valid: delay > 0}
	_, err := tx.Exec(ctx, missFactor, row.Failures+1, until, account)
	return err
}

// RemoveTotp takes the actor's second factor away, and its recovery codes. CONFLICT when he has none.
func (s *Service) RemoveTotp(ctx context.Context, actor *access.Actor, proof Proof) error {
	if err := s.prove(ctx, actor, proof, "remove_totp"); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		return s.dropFactor(ctx, tx, actor, actor.Account, actor.Person)
	})
}

func (s *Service) dropFactor(ctx context.Context, tx *mysql.Tx, by *access.Actor, account, person id.ID) error {
	row, err := s.confirmedFactor(ctx, tx, lockFactor, account)
	if err != nil {
		return err
	}
	if row == nil {
		return fault.New(fault.Conflict, "There is no second factor to remove.")
	}
	for _, query := range []string{deleteFactor, deleteRecovery} {
		if _, err := tx.Exec(ctx, query, account); err != nil {
			return err
		}
	}
	_, err = s.ledger.Append(ctx, tx, s.byActor(by, ledger.AuthSecondFactorRemoved, account, person))
	return err
}

// RegenerateRecoveryCodes gives the actor new recovery codes; the former ones are worth nothing from then on.
func (s *Service) RegenerateRecoveryCodes(ctx context.Context, actor *access.Actor, proof Proof) (codes []string, err error) {
	if err := s.prove(ctx, actor, proof, "regenerate_recovery_codes"); err != nil {
		return nil, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		row, err := s.confirmedFactor(ctx, tx, lockFactor, actor.Account)
		if err != nil {
			return err
		}
		if row == nil {
			return fault.New(fault.Conflict, "There is no second factor that recovery codes could stand in for.")
		}
		if codes, err = s.replaceRecoveryCodes(ctx, tx, actor.Account); err != nil {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AuthRecoveryCodesMade, actor.Account, actor.Person))
		return err
	})
	return codes, err
}

// prove asks for the password, or for a code when one is given. where names the place in the entry of a failure.
func (s *Service) prove(ctx context.Context, actor *access.Actor, proof Proof, where string) error {
	if actor == nil || actor.Account.IsZero() {
		return signInFirst()
	}
	a := &attempt{typed: actor.Username, origin: actor.Origin, welcome: true, where: where}
	var err error
	if a.account, err = s.account(ctx, s.db, selectByID, actor.Account); err != nil || a.account == nil {
		return orElse(err, signInFirst())
	}
	if proof.Code != "" {
		return s.proveByCode(ctx, a, proof.Code)
	}
	if err := checkGivenPassword("password", proof.Password); err != nil {
		return err
	}
	if a.under, err = s.countedUnder(ctx, actor.Username, actor.Origin.Network()); err != nil {
		return err
	}
	return s.proveByPassword(ctx, a, proof.Password)
}

func (s *Service) proveByPassword(ctx context.Context, a *attempt, password string) error {
	reason, err := s.try(ctx, a, SignInInput{Password: password})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if reason == "" {
		return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error { return s.gotIn(ctx, tx, a.under) })
	}
	err = s.refuse(ctx, a, reason)
	if reason == ReasonWrongPassword && fault.Is(err, fault.Unauthenticated) {
		return fault.Field("password", "this is not your password")
	}
	return err
}

func (s *Service) proveByCode(ctx context.Context, a *attempt, code string) error {
	if err := checkCode(code); err != nil {
		return err
	}
	factor, err := s.confirmedFactor(ctx, s.db, selectFactor, a.account.ID)
	if err != nil {
		return err
	}
	if factor == nil {
		return fault.New(fault.Conflict, "You have no second factor.")
	}
	return s.takeCode(ctx, a, code)
}

// RemoveSecondFactor takes somebody else's second factor away, for one who has lost it. It asks for access.manage.
// NOT_FOUND when there is no such account, CONFLICT when it has none or is the actor's own.
func (s *Service) RemoveSecondFactor(ctx context.Context, actor *access.Actor, account id.ID) error {
	if _, err := s.access.Require(ctx, actor, access.AccessManage); err != nil {
		return err
	}
	if actor.Account == account && !account.IsZero() {
		return fault.New(fault.Conflict, "This is your own second factor: remove it on your Security page, with your password or a code.")
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		row, err := s.account(ctx, tx, lockAccount, account)
		if err != nil {
			return err
		}
		if row == nil {
			return fault.New(fault.NotFound, "There is no such account.")
		}
		return s.dropFactor(ctx, tx, actor, row.ID, row.Person)
	})
}

// UnlockAccount forgets the failures of an account's name and codes, wherever they came from. It asks for
// access.manage. NOT_FOUND when there is no such account.
func (s *Service) UnlockAccount(ctx context.Context, actor *access.Actor, account id.ID) error {
	if _, err := s.access.Require(ctx, actor, access.AccessManage); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		var index []byte
		row, err := s.account(ctx, tx, lockAccount, account)
		if err != nil {
			return err
		}
		if row == nil {
			return fault.New(fault.NotFound, "There is no such account.")
		}
		if err := tx.Get(ctx, &index, selectNameIndex, account); err != nil {
			return err
		}
		if err := forgive(ctx, tx, index); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, missFactor, 0, sql.NullTime{}, account); err != nil {
			return err
		}
		_, err = s.ledger.Append(ctx, tx, s.byActor(actor, ledger.AccessAccountUnlocked, row.ID, row.Person))
		return err
	})
}

const selectNameIndex = "SELECT username_index FROM account WHERE id = ?"

// checkCode refuses what no code can be.
func checkCode(code string) error {
	if len(code) > maxCode || tidyCode(code) == "" {
		return fault.Field("code", "enter the six digits of your authenticator app, or a recovery code")
	}
	return nil
}

func wrongCode() error {
	return fault.Field("code", "this code is wrong, too old or was used before: wait for the next one")
}

func waitForCode(wait time.Duration) error {
	locked := fault.New(fault.RateLimited, "Too many wrong codes. Wait, then try again.")
	locked.RetryAfter = wait
	return locked
}
