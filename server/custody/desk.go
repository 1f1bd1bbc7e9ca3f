package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// place is a key on the desk: the key, its open loan if it is out, and when it last came back.
type place struct {
	key          *Key
	open         *Loan
	lastReturned time.Time
}

// freeSince is when the key last came back or was found again.
func (p place) freeSince() time.Time {
	if p.key.FoundAt != nil && p.key.FoundAt.After(p.lastReturned) {
		return *p.key.FoundAt
	}
	return p.lastReturned
}

// desk is the keys of one movement, in the order asked for, locked until the transaction ends.
type desk []place

// lockDesk locks the keys in the order of their ids, so that two movements never wait for each other in a ring.
func (s *Service) lockDesk(ctx context.Context, tx *mysql.Tx, ids []id.ID) (desk, error) {
	keys, err := lockKeys(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for i, one := range ids {
		if keys[one] == nil {
			return nil, member("keys", i, "there is no key with the id %s: look it up again", one)
		}
	}
	open, err := selectOpenLoans(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	returned, err := selectLastReturns(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	d := make(desk, len(ids))
	for i, one := range ids {
		d[i] = place{key: keys[one], open: open[one], lastReturned: returned[one]}
	}
	return d, nil
}

// out gives the places whose key is out.
func (d desk) out() []place { return d.where(func(p place) bool { return p.open != nil }) }

// in gives the places whose key is not out.
func (d desk) in() []place { return d.where(func(p place) bool { return p.open == nil }) }

func (d desk) where(holds func(place) bool) []place {
	var some []place
	for _, p := range d {
		if holds(p) {
			some = append(some, p)
		}
	}
	return some
}

// decideIssue gives the time of the issue, or why there can be none.
func (d desk) decideIssue(in IssueInput, now time.Time) (time.Time, error) {
	if err := d.checkUsable(); err != nil {
		return time.Time{}, err
	}
	last := d.latest(place.freeSince)
	at, err := moment{in.OccurredAt, in.Reason}.when(now, last.freeSince(), last.key.Number)
	if err != nil {
		return time.Time{}, err
	}
	return at, checkDue(in.DueAt, at, now)
}

// decideReturn gives the time of the return, or why there can be none.
func (d desk) decideReturn(in ReturnInput, now time.Time) (time.Time, error) {
	last := d.latest(func(p place) time.Time { return p.open.IssuedAt })
	return moment{in.OccurredAt, in.Reason}.when(now, last.open.IssuedAt, last.key.Number)
}

func (d desk) latest(of func(place) time.Time) place {
	last := d[0]
	for _, p := range d[1:] {
		if of(p).After(of(last)) {
			last = p
		}
	}
	return last
}

// conflictIn says which keys cannot come back because they are not out.
func conflictIn(in []place) error {
	keys := make([]KeyNamed, len(in))
	for i, p := range in {
		keys[i] = KeyNamed{ID: p.key.ID, Number: p.key.Number}
	}
	return fault.New(fault.Conflict, "%s not issued, so nothing was returned: take it out of the list and try again.",
		sentence(keys)).With("keys", keys)
}
