package signin

import (
	"context"
	"errors"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// ErrCodeNeeded says that name and password are right and that a code of the second factor is asked for.
var ErrCodeNeeded = errors.New("signin: a code of the second factor is needed")

// Why a code was refused, in an entry's details under "reason".
const (
	ReasonWrongCode   = "wrong_code"
	ReasonCodesLocked = "codes_locked"
)

// secondStep asks for the second factor of an account that has one. The password was right.
func (s *Service) secondStep(ctx context.Context, a *attempt, code string) error {
	factor, err := s.confirmedFactor(ctx, s.db, selectFactor, a.account.ID)
	if err != nil {
		return err
	}
	switch {
	case factor == nil && a.nameLocked:
		return s.refuseLocked(ctx, a)
	case factor == nil:
		return nil
	case code == "":
		return s.askForCode(ctx, a)
	}
	err = s.takeCode(ctx, a, code)
	if err != nil && a.nameLocked && fault.KindOf(err) != fault.Internal {
		return s.refuseLocked(ctx, a) // who is locked out must not learn from his code that the password is right
	}
	return err
}

// askForCode records that somebody knows the password, whoever he is.
func (s *Service) askForCode(ctx context.Context, a *attempt) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		_, err := s.ledger.Append(ctx, tx, s.attempted(a, ledger.AuthSecondFactorAsked))
		return err
	})
	return orElse(err, ErrCodeNeeded)
}

// takeCode uses up a code: it is taken once, whichever process it is given to. BAD_USER_INPUT for a wrong one,
// RATE_LIMITED after many; a trusted browser's codes do not wait for those of others.
func (s *Service) takeCode(ctx context.Context, a *attempt, code string) error {
	var refused error
	err := s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		var err error
		refused, err = s.takeCodeIn(ctx, tx, a, tidyCode(code))
		return err
	})
	if err == nil && fault.Is(refused, fault.RateLimited) {
		at := refusedAt{reason: ReasonCodesLocked, name: a.account.ID.String()}
		err = s.recordRefused(ctx, at, s.failedCode(a, ReasonCodesLocked)[0])
	}
	return orElse(err, refused)
}

func (s *Service) takeCodeIn(ctx context.Context, tx *mysql.Tx, a *attempt, code string) (refused, err error) {
	factor, err := s.confirmedFactor(ctx, tx, lockFactor, a.account.ID)
	if err != nil {
		return nil, err
	}
	if factor == nil { // it was removed just now, so nothing says that this code is right
		return s.recordWrongCode(ctx, tx, a)
	}
	if a.device.trusted() {
		factor.LockedUntil.Valid = false
	}
	if !isTotp(code) {
		return s.takeRecovery(ctx, tx, a, factor, code)
	}
	step, refused, err := s.compareTotp(ctx, tx, a.account.ID, a.account.Person, factor, code)
	switch {
	case err != nil:
		return nil, err
	case fault.Is(refused, fault.RateLimited):
		return refused, nil
	case refused != nil:
		return s.recordWrongCode(ctx, tx, a)
	}
	_, err = tx.Exec(ctx, useFactor, step, a.account.ID)
	return nil, err
}

func (s *Service) takeRecovery(ctx context.Context, tx *mysql.Tx, a *attempt, factor *factorRow, code string) (refused, err error) {
	if wait := factor.wait(s.moment()); wait > 0 {
		return waitForCode(wait), nil
	}
	spent, err := s.spend(ctx, tx, a.account.ID, code)
	if err != nil {
		return nil, err
	}
	if !spent {
		if err := s.countMiss(ctx, tx, a.account.ID, factor); err != nil {
			return nil, err
		}
		return s.recordWrongCode(ctx, tx, a)
	}
	if _, err := tx.Exec(ctx, useFactor, factor.UsedStep, a.account.ID); err != nil {
		return nil, err
	}
	var left int
	if err := tx.Get(ctx, &left, countRecovery, a.account.ID); err != nil {
		return nil, err
	}
	used := s.attempted(a, ledger.AuthRecoveryCodeUsed)
	used.Details = map[string]any{"left": left}
	_, err = s.ledger.Append(ctx, tx, used)
	return nil, err
}

func (s *Service) recordWrongCode(ctx context.Context, tx *mysql.Tx, a *attempt) (refused, err error) {
	_, err = s.ledger.Append(ctx, tx, s.failedCode(a, ReasonWrongCode)...)
	return wrongCode(), err
}

// failedCode is what is recorded of a wrong code.
func (s *Service) failedCode(a *attempt, reason string) []ledger.Draft {
	drafts := s.failed(a, reason)
	drafts[0].Action = ledger.AuthSecondFactorFailed
	return drafts
}
