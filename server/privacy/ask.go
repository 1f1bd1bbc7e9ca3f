package privacy

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	insertRequest = "INSERT INTO privacy_request (id, person, open_person, requested_by, requested_at, request_seq, state) VALUES (?, ?, ?, ?, ?, ?, 0)"
	openIndex     = "privacy_request_open"
)

// AskErasure asks that a person be erased, which somebody else has to approve. NOT_FOUND when there is none, CONFLICT
// with `obstacles` while he holds keys or anything else binds him, and when it was asked for already.
func (s *Service) AskErasure(ctx context.Context, actor *access.Actor, in AskInput) (*Request, error) {
	if err := s.mayManage(ctx, actor); err != nil {
		return nil, err
	}
	reason, err := prose("reason", in.Reason)
	if err != nil {
		return nil, err
	}
	if reason == "" {
		return nil, fault.Field("reason", "say why this person is to be erased, such as who asked for it")
	}
	asked := &Request{ID: id.New(), RequestedByID: actor.Person, RequestedAt: s.moment(), State: Pending, Reason: &reason}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		all, err := s.People.LockAll(ctx, tx, in.Person)
		if err != nil {
			return err
		}
		person, err := s.People.Lookup(ctx, in.Person)
		if err != nil {
			return err
		}
		if person.Erased {
			return fault.New(fault.NotFound, "There is no such person.")
		}
		found, err := s.obstacles(ctx, tx, all)
		if err != nil {
			return err
		}
		if err := refuse(found); err != nil {
			return err
		}
		asked.PersonID = person.ID
		return s.storeAsked(ctx, tx, actor, asked)
	})
	if mysql.DuplicateIndex(err) == openIndex {
		return nil, fault.Wrap(err, fault.Conflict, "It was asked already to erase this person: decide that request.")
	}
	if err != nil {
		return nil, err
	}
	return asked, nil
}

func (s *Service) storeAsked(ctx context.Context, tx *mysql.Tx, actor *access.Actor, r *Request) error {
	// The request goes first: who asks twice is told so without an entry.
	if _, err := tx.Exec(ctx, insertRequest, r.ID, r.PersonID, r.PersonID, r.RequestedByID, r.RequestedAt, 0); err != nil {
		return err
	}
	draft := s.draft(actor, ledger.PrivacyErasureAsked, r)
	draft.Parts = append(draft.Parts, ledger.PersonPart(fieldReason, r.PersonID, r.RequestedAt, *r.Reason))
	entries, err := s.Ledger.Append(ctx, tx, draft)
	if err != nil {
		return err
	}
	r.RequestSeq = entries[0].Seq
	_, err = tx.Exec(ctx, "UPDATE privacy_request SET request_seq = ? WHERE id = ?", r.RequestSeq, r.ID)
	return err
}

// draft begins an entry about a request.
func (s *Service) draft(actor *access.Actor, action string, r *Request) ledger.Draft {
	d := actor.Draft(ledger.StreamSystem, action, s.moment())
	d.Person = r.PersonID
	d.Department, _ = s.People.DepartmentOf(r.PersonID)
	d.Entity = ledger.Entity{Type: entityRequest, ID: r.ID.String()}
	return d
}
