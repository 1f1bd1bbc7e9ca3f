package privacy

import (
	"context"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/savedviews"
	"github.com/keytrail/keytrail/server/seal"
)

const endRequests = "UPDATE privacy_request SET open_person = NULL, state = ?, completed_at = ? WHERE person IN (?) AND state IN (?, ?)"

// Replay erases again, in a database that was restored from a backup, those whose keys were destroyed after it was made:
// without asking what is in the way, since it was decided then. It gives how many keys it destroyed; those that are gone,
// and those that the backup never had, are passed over. The master key is replaced before it returns. It may be called again.
func (s *Service) Replay(ctx context.Context, subjects []seal.Subject) (int, error) {
	replayed := 0
	var people []id.ID
	for _, subject := range subjects {
		person := subject.PersonID()
		n, err := s.replayOne(ctx, subject, person)
		if err != nil {
			return replayed, err
		}
		replayed += n
		if !person.IsZero() {
			people = append(people, person)
		}
	}
	if len(subjects) == 0 {
		return 0, nil
	}
	for _, person := range people {
		if err := s.Work.Forget(ctx, person); err != nil {
			return replayed, err
		}
	}
	if err := errors.Join(s.Ledger.FinishForgetting(ctx), s.Exports.ForgetAll(ctx)); err != nil {
		return replayed, err
	}
	_, err := s.Ledger.RotateMasterKey(ctx)
	return replayed, err
}

func (s *Service) replayOne(ctx context.Context, subject seal.Subject, person id.ID) (n int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		n = 0
		if !person.IsZero() {
			all, err := s.People.LockAll(ctx, tx, person)
			if err == nil {
				n = len(all)
				return s.replayPerson(ctx, tx, person, all)
			}
			if !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		_, err := s.Ledger.DestroyKey(ctx, tx, subject, id.ID{})
		if errors.Is(err, seal.ErrUnknownSubject) || errors.Is(err, seal.ErrDestroyed) {
			return nil
		}
		n = 1
		return err
	})
	return n, err
}

// replayPerson forgets a person in all that holds something of him, and destroys his keys last.
func (s *Service) replayPerson(ctx context.Context, tx *mysql.Tx, person id.ID, all []id.ID) error {
	accounts, err := s.Signin.EraseAccounts(ctx, tx, access.System(), all)
	if err != nil {
		return err
	}
	if err := errors.Join(s.Alerts.Forget(ctx, tx, accounts), s.Mail.Forget(ctx, tx, all), forgetConsents(ctx, tx, all)); err != nil {
		return err
	}
	for _, one := range all {
		if err := savedviews.ForgetAll(ctx, tx, one); err != nil {
			return err
		}
	}
	query, args, err := mysql.In(endRequests, Erased.code(), s.moment(), all, Pending.code(), Erasing.code())
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return err
	}
	_, err = s.People.Erase(ctx, tx, person, id.ID{})
	return err
}
