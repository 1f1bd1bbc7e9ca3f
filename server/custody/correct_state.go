package custody

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	selectPreviousEnd = "SELECT MAX(returned_at) FROM loan FORCE INDEX (loan_of_key) WHERE key_id = ? AND id <> ? AND returned_at <= ?" +
		" AND (ended_as IS NULL OR ended_as <> 'VOIDED')"
	selectNextIssue = "SELECT MIN(issued_at) FROM loan FORCE INDEX (loan_of_key) WHERE key_id = ? AND id <> ? AND issued_at >= ?" +
		" AND (ended_as IS NULL OR ended_as <> 'VOIDED')"
	selectPreviousReport = "SELECT MAX(occurred_at) FROM entry_index FORCE INDEX (entity_time) WHERE entity_type = ? AND entity_id = ? AND action IN (?, ?) AND occurred_at <= ?"
	selectNextReport     = "SELECT MIN(occurred_at) FROM entry_index FORCE INDEX (entity_time) WHERE entity_type = ? AND entity_id = ? AND action IN (?, ?) AND occurred_at >= ?"
	selectReceiver       = "SELECT holder FROM loan FORCE INDEX (loan_of_key) WHERE key_id = ? AND issued_entry = ?"
	updateLoanCorrected  = "UPDATE loan SET open_key = ?, holder = ?, department = ?, issued_at = ?, returned_at = ?, returned_by = ?," +
		" ended_as = ?, returned_entry = ? WHERE id = ?"
)

// corrected is a movement that is to be corrected, its key locked.
type corrected struct {
	entry ledger.Entry
	place *place
	// loan began with an issue or a handover, or ended with a return.
	loan *Loan
	// before is the loan that ended with a handover.
	before    *Loan
	cancelled cancelledHandovers
	// freed are the reservations that an annulled issue had used up.
	freed []*Reservation
}

// occurredAt is when the movement is held to have happened.
func (c *corrected) occurredAt() time.Time {
	if c.entry.Action == ledger.KeyReturned && c.loan.ReturnedAt != nil {
		return *c.loan.ReturnedAt
	}
	if c.entry.Action == ledger.KeyReturned { // voided just now
		return c.entry.OccurredAt
	}
	return c.loan.IssuedAt
}

// lockCorrected finds the movement of an entry and locks its key.
func (s *Service) lockCorrected(ctx context.Context, tx *mysql.Tx, seq uint64) (*corrected, error) {
	entries, err := s.ledger.ReadSeqs(ctx, tx, []uint64{seq})
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 || entries[0].Stream != ledger.StreamKey {
		return nil, fault.New(fault.NotFound, "There is no such movement of a key, or it was pruned.")
	}
	c := &corrected{entry: entries[0]}
	switch c.entry.Action {
	case ledger.KeyIssued, ledger.KeyReturned, ledger.KeyHandedOver:
	case ledger.KeyCorrected:
		return nil, fault.Field("entry", "this is a correction itself: correct the movement that it refers to once more")
	default:
		return nil, fault.Field("entry", "only issues, returns and handovers can be corrected")
	}
	loan, err := id.Parse(c.entry.Ref(RefLoan))
	if err != nil {
		return nil, err
	}
	if c.place, _, err = s.lockLoan(ctx, tx, loan); err != nil {
		return nil, err
	}
	if err := s.readLoans(ctx, tx, c, loan); err != nil {
		return nil, err
	}
	corrections, err := s.ledger.Referring(ctx, tx, RefCorrects, []uint64{seq})
	if err == nil && len(corrections[seq]) >= MaxCorrections {
		err = fault.New(fault.Conflict, "This movement was corrected %d times already, which is the most.", MaxCorrections)
	}
	return c, err
}

// readLoans reads the loans of the movement once its key is locked. CONFLICT when it was annulled before.
func (s *Service) readLoans(ctx context.Context, tx *mysql.Tx, c *corrected, loan id.ID) error {
	ids := []id.ID{loan}
	before, err := id.Parse(c.entry.Ref(RefPreviousLoan))
	handedOver := err == nil && c.entry.Action == ledger.KeyHandedOver
	if handedOver {
		ids = append(ids, before)
	}
	loans, err := selectLoans(ctx, tx, ids, s.instant())
	if err != nil {
		return err
	}
	if c.loan = loans[loan]; handedOver {
		c.before = loans[before]
	}
	stands := c.loan.IssuedEntry == c.entry.ID && !c.loan.ended(EndVoided)
	if c.entry.Action == ledger.KeyReturned {
		stands = c.loan.ReturnedEntry == c.entry.ID
	}
	if !stands {
		return fault.New(fault.Conflict, "This movement of key %s was annulled: record what happened anew.", c.place.key.Number)
	}
	return nil
}

// void lets the movement not have happened.
func (s *Service) void(ctx context.Context, tx *mysql.Tx, c *corrected, now time.Time) error {
	l, k := c.loan, c.place.key
	switch c.entry.Action {
	case ledger.KeyHandedOver:
		return fault.Field("void", "a handover was accepted by the receiver: let him hand the key back")
	case ledger.KeyIssued:
		if err := checkVoidIssue(l, k.Number); err != nil {
			return err
		}
		l.close(EndVoided, l.IssuedAt, id.ID{}, id.ID{})
		var err error
		if c.freed, err = s.free(ctx, tx, l, now); err != nil {
			return err
		}
		c.cancelled, err = cancelPending(ctx, tx, []id.ID{k.ID}, now, id.ID{})
		return err
	}
	after, err := nearest(ctx, tx, selectNextIssue, selectNextReport, l, *l.ReturnedAt)
	if err != nil {
		return err
	}
	if err := checkVoidReturn(k, after); err != nil {
		return err
	}
	holder, err := s.people.Lookup(ctx, l.HolderID)
	if err != nil {
		return err
	}
	if holder.Erased {
		return fault.New(fault.Conflict, "Whoever had key %s was erased since it came back, so it cannot be out with him again.", k.Number)
	}
	l.ReturnedAt, l.End, l.ReturnedByID, l.ReturnedEntry = nil, nil, id.ID{}, id.ID{}
	return nil
}

// moveTo lets the movement have happened at another time.
func (s *Service) moveTo(ctx context.Context, tx *mysql.Tx, c *corrected, at, now time.Time) error {
	l, k := c.loan, c.place.key
	var b bounds
	switch c.entry.Action {
	case ledger.KeyHandedOver:
		if c.before == nil {
			return fault.New(fault.Conflict, "The loan that this handover of key %s ended is not on record.", k.Number)
		}
		b = handoverBounds(c.before, l)
	case ledger.KeyIssued:
		before, err := nearest(ctx, tx, selectPreviousEnd, selectPreviousReport, l, l.IssuedAt)
		if err != nil {
			return err
		}
		b = issueBounds(l, before)
	default:
		after, err := nearest(ctx, tx, selectNextIssue, selectNextReport, l, *l.ReturnedAt)
		if err != nil {
			return err
		}
		b = returnBounds(l, after)
	}
	if err := b.check(at, now.In(s.zone), k.Number); err != nil {
		return err
	}
	return c.put(ctx, tx, at, now.In(s.zone))
}

// put stores the time in the loans that the movement began or ended; updateLoan stores the first of them.
func (c *corrected) put(ctx context.Context, tx *mysql.Tx, at, now time.Time) error {
	if c.entry.Action == ledger.KeyReturned {
		c.loan.ReturnedAt = &at
		return nil
	}
	if c.loan.DueAt != nil && !c.loan.DueAt.After(at) {
		return fault.Field("occurredAt", "the loan was due at %s, so it began before that", shown(*c.loan.DueAt, now))
	}
	if c.loan.IssuedAt = at; c.before == nil {
		return nil
	}
	c.before.ReturnedAt = &at
	return updateLoan(ctx, tx, c.before)
}

// changeHolder lets somebody else have taken the key, and gives who was said to have before; nil when that is the same.
func (s *Service) changeHolder(ctx context.Context, tx *mysql.Tx, actor *access.Actor, c *corrected, to *holder, now time.Time) (*holder, error) {
	if to == nil || to.id == s.people.True(c.loan.HolderID) {
		return nil, nil
	}
	if c.entry.Action == ledger.KeyReturned {
		return nil, fault.Field("holder", "who held key %s is part of its issue: correct that", c.place.key.Number)
	}
	if c.before != nil && s.people.True(c.before.HolderID) == to.id {
		return nil, fault.Field("holder", "key %s was handed over by this person: choose the receiver", c.place.key.Number)
	}
	if received, err := s.receivedBy(ctx, tx, c.loan); err != nil {
		return nil, err
	} else if received == to.id {
		return nil, fault.Field("holder", "key %s was handed over to this person: choose who had it before", c.place.key.Number)
	}
	p, err := s.people.Lookup(ctx, c.loan.HolderID)
	if err != nil {
		return nil, err
	}
	previous := holderOf(p)
	c.loan.HolderID, c.loan.Department = to.id, to.department
	if c.loan.Open() { // what he offered to another was not his
		c.cancelled, err = cancelPending(ctx, tx, []id.ID{c.loan.KeyID}, now, actor.Person)
	}
	return &previous, err
}

// receivedBy gives to whom a loan was handed over, zero where it was not.
func (s *Service) receivedBy(ctx context.Context, tx *mysql.Tx, l *Loan) (id.ID, error) {
	if !l.ended(EndHandedOver) {
		return id.ID{}, nil
	}
	var receiver id.ID
	err := tx.Get(ctx, &receiver, selectReceiver, l.KeyID, l.ReturnedEntry)
	if errors.Is(err, sql.ErrNoRows) {
		return id.ID{}, nil
	}
	return s.people.True(receiver), err
}

// nearest gives when the key of a loan moved last before, or next after, a movement of that loan, as the two queries ask.
func nearest(ctx context.Context, tx *mysql.Tx, loans, reports string, l *Loan, at time.Time) (n neighbours, err error) {
	if err := tx.Get(ctx, &n.loan, loans, l.KeyID, l.ID, at); err != nil {
		return n, err
	}
	return n, tx.Get(ctx, &n.report, reports, EntityKey, l.KeyID.String(), ledger.KeyLost, ledger.KeyFound, at)
}

func updateLoan(ctx context.Context, tx *mysql.Tx, l *Loan) error {
	_, err := tx.Exec(ctx, updateLoanCorrected, openKey(l), l.HolderID, l.Department, l.IssuedAt, l.ReturnedAt, l.ReturnedByID,
		l.End, l.ReturnedEntry, l.ID)
	return err
}
