package privacy

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/savedviews"
)

const (
	lockRequest   = selectRequest + " WHERE id = ? FOR UPDATE"
	lockOthers    = selectRequest + " WHERE open_person IN (?) AND id <> ? ORDER BY id FOR UPDATE"
	updateDecided = "UPDATE privacy_request SET open_person = NULL, state = ?, decided_by = ?, decided_at = ?, decision_seq = ? WHERE id = ?"
)

// Decide erases the person of a request, or refuses to. With the approval, in one transaction, his account and his place
// in the directory are gone and his keys destroyed; what files of the database still hold is worth nothing once Run has
// replaced the master key. FORBIDDEN for whoever asked for it and for the person himself, and without a password entered
// lately; CONFLICT once it is decided, and with `obstacles` while anything binds him, which leaves it waiting.
func (s *Service) Decide(ctx context.Context, actor *access.Actor, in DecideInput) (*Request, error) {
	if err := s.mayManage(ctx, actor); err != nil {
		return nil, err
	}
	note, err := prose("note", in.Note)
	if err != nil {
		return nil, err
	}
	if in.Approve {
		if err := s.Signin.RequireRecent(ctx, actor, access.PrivacyManage); err != nil {
			return nil, err
		}
	}
	var decided *Request
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		r, err := s.lockPending(ctx, tx, actor, in.Request)
		if err != nil {
			return err
		}
		decided = r
		if in.Approve {
			return s.erase(ctx, tx, actor, r, note)
		}
		return s.end(ctx, tx, actor, r, Refused, ledger.PrivacyErasureRefused, note)
	})
	if err != nil {
		return nil, err
	}
	s.rouse()
	if decided.State == Erasing {
		decided.Reason, decided.Note = nil, nil
		return decided, nil
	}
	return decided, s.loadTexts(ctx, []*Request{decided})
}

// lockPending locks a request that the actor may decide.
func (s *Service) lockPending(ctx context.Context, tx *mysql.Tx, actor *access.Actor, request id.ID) (*Request, error) {
	var r Request
	err := tx.Get(ctx, &r, lockRequest, request)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "There is no such request.")
	}
	if err != nil {
		return nil, err
	}
	r.read()
	switch {
	case r.State != Pending:
		return nil, fault.New(fault.Conflict, "This request was decided already. Look at it again.").With("state", string(r.State))
	case s.concerns(actor, &r):
		return nil, fault.New(fault.Forbidden, "You asked for this, or it is about you: somebody else with the right %s has to decide.", access.PrivacyManage)
	}
	return &r, nil
}

// concerns reports whether the actor asked for it or is the person: then he is no second person.
func (s *Service) concerns(actor *access.Actor, r *Request) bool {
	if actor.IsSystem() {
		return r.RequestedByID.IsZero()
	}
	return actor.Is(r.RequestedByID) || actor.Is(s.People.True(r.PersonID))
}

// erase forgets the person in all that holds something of him, and destroys his keys last.
func (s *Service) erase(ctx context.Context, tx *mysql.Tx, actor *access.Actor, r *Request, note string) error {
	all, err := s.People.LockAll(ctx, tx, r.PersonID)
	if err != nil {
		return err
	}
	found, err := s.obstacles(ctx, tx, all)
	if err != nil {
		return err
	}
	if err := refuse(found); err != nil {
		return err
	}
	accounts, err := s.Signin.EraseAccounts(ctx, tx, actor, all)
	if err != nil {
		return err
	}
	if err := s.Alerts.Forget(ctx, tx, accounts); err != nil {
		return err
	}
	if err := s.Mail.Forget(ctx, tx, all); err != nil {
		return err
	}
	if err := forgetConsents(ctx, tx, all); err != nil {
		return err
	}
	for _, person := range all {
		if err := savedviews.ForgetAll(ctx, tx, person); err != nil {
			return err
		}
	}
	if err := s.end(ctx, tx, actor, r, Erasing, ledger.PrivacyErasureApproved, note); err != nil {
		return err
	}
	if err := s.endOthers(ctx, tx, actor, r, all); err != nil {
		return err
	}
	_, err = s.People.Erase(ctx, tx, r.PersonID, actor.Person)
	return err
}

// endOthers approves what else was asked of the same person, before he was merged: nobody could decide it any more.
func (s *Service) endOthers(ctx context.Context, tx *mysql.Tx, actor *access.Actor, r *Request, all []id.ID) error {
	query, args, err := mysql.In(lockOthers, all, r.ID)
	if err != nil {
		return err
	}
	var others []*Request
	if err := tx.Select(ctx, &others, query, args...); err != nil {
		return err
	}
	for _, other := range others {
		if err := s.end(ctx, tx, actor, other, Erasing, ledger.PrivacyErasureApproved, ""); err != nil {
			return err
		}
	}
	return nil
}

// end stores and records how a request was decided.
func (s *Service) end(ctx context.Context, tx *mysql.Tx, actor *access.Actor, r *Request, state State, action, note string) error {
	now := s.moment()
	draft := s.draft(actor, action, r)
	if note != "" {
		draft.Parts = append(draft.Parts, ledger.PersonPart(ledger.FieldComment, r.PersonID, now, note))
	}
	entries, err := s.Ledger.Append(ctx, tx, draft)
	if err != nil {
		return err
	}
	r.State, r.DecidedByID, r.DecidedAt, r.DecisionSeq = state, actor.Person, &now, &entries[0].Seq
	_, err = tx.Exec(ctx, updateDecided, state.code(), actor.Person, now, entries[0].Seq, r.ID)
	return err
}
