package custody

import (
	"context"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// met are the reservations across which loans lie: the holder's own that they use up, by key, and those of others that
// they break.
type met struct {
	used   map[id.ID][]*Reservation
	broken []*Reservation
}

// meet finds the reservations across which loans of a desk to one holder would lie, each for the time that lasts says.
func (s *Service) meet(ctx context.Context, tx *mysql.Tx, d desk, to holder, lasts func(place) period) (met, error) {
	m := met{used: map[id.ID][]*Reservation{}}
	held, err := selectHeldByKey(ctx, tx, d.ids(), s.instant())
	if err != nil {
		return m, err
	}
	for _, p := range d {
		loan := lasts(p)
		for _, r := range held[p.key.ID] {
			switch own := s.people.True(r.HolderID) == to.id; {
			case !own && loan.meets(r):
				m.broken = append(m.broken, r)
			case own && loan.usesUp(r):
				m.used[p.key.ID] = append(m.used[p.key.ID], r)
			}
		}
	}
	return m, nil
}

// use notes that a loan uses up what it met, and gives what its entry says of that.
func (m *met) use(ctx context.Context, tx *mysql.Tx, loan *Loan) ([]ledger.Ref, error) {
	for _, r := range m.used[loan.KeyID] {
		r.LoanID = loan.ID
	}
	return m.refs(loan.KeyID), storeUsed(ctx, tx, m.used[loan.KeyID])
}

// refs names the reservations of a key that are used up.
func (m *met) refs(key id.ID) []ledger.Ref {
	return reservationRefs(m.used[key])
}

// tellBroken makes an entry for each reservation that the loans break: about whom it was made for, and why.
func (s *Service) tellBroken(ctx context.Context, actor *access.Actor, d desk, loans []*Loan, broken []*Reservation, why string) ([]ledger.Draft, error) {
	var drafts []ledger.Draft
	for i, p := range d {
		for _, r := range broken {
			if r.KeyID != p.key.ID {
				continue
			}
			whose, err := s.people.Lookup(ctx, r.HolderID)
			if err != nil {
				return nil, err
			}
			draft := booking{ledger.KeyReservationOverridden, p.key, r, holderOf(whose), s.instant()}.draft(actor)
			draft.Refs = append(draft.Refs, ledger.Ref{Role: RefBrokenBy, Type: RefLoan, ID: loans[i].ID.String()})
			draft.Parts = append(draft.Parts, holderOf(whose).about(FieldReason, s.instant(), why))
			drafts = append(drafts, draft)
		}
	}
	return drafts, nil
}
