package workhours

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

const (
	lockUnknown    = "SELECT dismissed FROM work_unknown WHERE subject = ? FOR UPDATE"
	dismissUnknown = "UPDATE work_unknown SET dismissed = 1 WHERE subject = ?"
)

// Dismiss takes a user off the list of those who wait for review, since the name belongs to nobody who works here, and
// tells whether he was on it. What was reported stays on record, and is a person's once the name is added to one.
// NOT_FOUND for a user whom no report named, or who is known by now.
func (s *Service) Dismiss(ctx context.Context, actor *access.Actor, source, user string) (dismissed bool, err error) {
	scope, err := s.access.Require(ctx, actor, access.PeopleManage)
	if err != nil {
		return false, err
	}
	none := fault.New(fault.NotFound, "No such user waits for review.")
	if scope != access.All { // as the list is for nobody else
		return false, none
	}
	subject, err := s.userHash(ctx, source, user)
	if err != nil {
		return false, err
	}
	return dismissed, s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		var before bool
		if err := tx.Get(ctx, &before, lockUnknown, subject); errors.Is(err, sql.ErrNoRows) {
			return none
		} else if err != nil {
			return err
		}
		if dismissed = !before; !dismissed {
			return nil
		}
		if _, err := tx.Exec(ctx, dismissUnknown, subject); err != nil {
			return err
		}
		d := actor.Draft(ledger.StreamSystem, ledger.AccessWorkUserDismissed, s.now())
		d.Details = map[string]any{"source": source}
		d.Parts = append(d.Parts, ledger.Part{Field: ledger.FieldUsername, Subject: seal.Source(source, s.now()), Value: user})
		_, err := s.ledger.Append(ctx, tx, d)
		return err
	})
}
