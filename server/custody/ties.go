package custody

import (
	"context"
	"slices"

	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// Ties are what still binds a person to keys, at most 100 of each.
type Ties struct {
	// Loans are keys that he holds, Reservations those that are neither used nor over, Approvals and Handovers those that
	// wait and that he asked for, gives or is to receive.
	Loans, Reservations, Approvals, Handovers int
}

const (
	tiedLoans        = "SELECT id FROM loan FORCE INDEX (loan_of_holder) WHERE holder IN (?) AND open_key IS NOT NULL LIMIT 100"
	tiedReservations = "SELECT id FROM reservation FORCE INDEX (reservation_of_holder) WHERE holder IN (?) AND held_key IS NOT NULL AND to_at > ? LIMIT 100"
	tiedApprovals    = "SELECT id FROM approval WHERE state = 0 AND expires_at > ? AND (holder IN (?) OR requested_by IN (?)) LIMIT 100"
	tiedHandovers    = "SELECT id FROM key_handover WHERE pending_key IS NOT NULL AND expires_at > ? AND (giver IN (?) OR receiver IN (?) OR requested_by IN (?)) LIMIT 100"
)

// TiesOf gives what binds somebody to keys, under any of the ids under which he is on record. In a transaction it waits
// for whoever is just changing that.
func (s *Service) TiesOf(ctx context.Context, q mysql.Querier, persons []id.ID) (Ties, error) {
	var t Ties
	now, lock := s.instant(), ""
	if _, within := q.(*mysql.Tx); within {
		lock = " FOR UPDATE"
	}
	for _, one := range []struct {
		query string
		args  []any
		found *int
	}{
		{tiedLoans, []any{persons}, &t.Loans},
		{tiedReservations, []any{persons, now}, &t.Reservations},
		{tiedApprovals, []any{now, persons, persons}, &t.Approvals},
		{tiedHandovers, []any{now, persons, persons, persons}, &t.Handovers},
	} {
		var ids []id.ID
		if err := selectExpanded(ctx, q, &ids, one.query+lock, one.args...); err != nil {
			return t, err
		}
		*one.found = len(ids)
	}
	return t, nil
}

const keepPresent = "SELECT id FROM person WHERE id IN (?) AND profile <> '' LOCK IN SHARE MODE"

// keepPeople keeps persons from being erased until tx ends, before anything binds them to keys. CONFLICT when one was.
func keepPeople(ctx context.Context, tx *mysql.Tx, persons ...id.ID) error {
	slices.SortFunc(persons, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	persons = slices.Compact(persons)
	var present []id.ID
	if err := selectIn(ctx, tx, &present, keepPresent, persons); err != nil {
		return err
	}
	if len(present) < len(persons) {
		return fault.New(fault.Conflict, "The person was erased meanwhile: choose another holder from the list of people.")
	}
	return nil
}
