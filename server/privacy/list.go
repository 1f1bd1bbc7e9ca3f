package privacy

import (
	"context"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/page"
	"github.com/keytrail/keytrail/server/seal"
)

const selectRequest = "SELECT id, person, requested_by, requested_at, state, decided_by, decided_at, completed_at, request_seq, decision_seq FROM privacy_request"

// read fills in what is derived from the row.
func (r *Request) read() {
	if r.Code >= 0 && r.Code < len(States()) {
		r.State = States()[r.Code]
	}
}

// Filter says which requests. Conditions that are zero do not count.
type Filter struct {
	States []State
	Person id.ID
}

// List gives requests, the newest first.
func (s *Service) List(ctx context.Context, actor *access.Actor, f Filter, request page.Request) (page.Page[*Request], error) {
	var none page.Page[*Request]
	if err := s.mayManage(ctx, actor); err != nil {
		return none, err
	}
	w, err := request.Window()
	if err != nil {
		return none, err
	}
	where := &mysql.Where{}
	if len(f.States) > 0 {
		codes := make([]int, len(f.States))
		for i, one := range f.States {
			codes[i] = one.code()
		}
		where.And("state IN (?)", codes)
	}
	if !f.Person.IsZero() {
		where.And("person IN (?)", s.People.Same(f.Person))
	}
	order, err := newestFirst(w, where)
	if err != nil {
		return none, err
	}
	query, args, err := mysql.In(selectRequest+where.SQL()+order, where.Args(w.Limit+1)...)
	if err != nil {
		return none, err
	}
	var rows []*Request
	if err := s.db.Select(ctx, &rows, query, args...); err != nil {
		return none, err
	}
	for _, r := range rows {
		r.read()
		r.MayDecide = r.State == Pending && !s.concerns(actor, r)
	}
	if err := s.loadTexts(ctx, rows); err != nil {
		return none, err
	}
	return page.Cut(w, rows, func(r *Request) string { return page.Encode(r.ID[:]) }), s.Ledger.AwaitRead(ctx)
}

// newestFirst is a window in the order of ids, which begin with the time at which they were made.
func newestFirst(w page.Window, where *mysql.Where) (string, error) {
	comparison, direction, field := "<", "DESC", "after"
	if w.Backward {
		comparison, direction, field = ">", "ASC", "before"
	}
	if w.Cursor != "" {
		payload, err := page.Decode(field, w.Cursor)
		if err != nil {
			return "", err
		}
		var last id.ID
		if len(payload) != len(last) {
			return "", fault.Field(field, "this is not a cursor of this list: use one that a page gave")
		}
		copy(last[:], payload)
		where.And("id "+comparison+" ?", last)
	}
	return " ORDER BY id " + direction + " LIMIT ?", nil
}

// Obstacles gives what is in the way of erasing the person of a request that waits; none for one that was decided.
func (s *Service) Obstacles(ctx context.Context, r *Request) ([]Obstacle, error) {
	if r.State != Pending {
		return []Obstacle{}, nil
	}
	return s.obstacles(ctx, s.db, s.People.Same(r.PersonID))
}

// loadTexts opens what was written with requests; what went with an erased person stays nil.
func (s *Service) loadTexts(ctx context.Context, requests []*Request) error {
	var seqs []uint64
	for _, r := range requests {
		seqs = append(seqs, r.RequestSeq)
		if r.DecisionSeq != nil {
			seqs = append(seqs, *r.DecisionSeq)
		}
	}
	if len(seqs) == 0 {
		return nil
	}
	entries, err := s.Ledger.ReadSeqs(ctx, s.db, seqs)
	if err != nil {
		return err
	}
	bySeq := make(map[uint64]*ledger.Entry, len(entries))
	for i := range entries {
		bySeq[entries[i].Seq] = &entries[i]
	}
	for _, r := range requests {
		if r.Reason, err = s.text(ctx, bySeq[r.RequestSeq], fieldReason); err != nil {
			return err
		}
		if r.DecisionSeq == nil {
			continue
		}
		if r.Note, err = s.text(ctx, bySeq[*r.DecisionSeq], ledger.FieldComment); err != nil {
			return err
		}
	}
	return nil
}

// text opens a sealed text of an entry: nil where there is none, and where its key was destroyed.
func (s *Service) text(ctx context.Context, e *ledger.Entry, field string) (*string, error) {
	if e == nil {
		return nil, nil
	}
	var text string
	found, err := s.Ledger.Unseal(ctx, e, field, &text)
	if errors.Is(err, seal.ErrDestroyed) || err == nil && !found {
		return nil, nil
	}
	return &text, err
}
