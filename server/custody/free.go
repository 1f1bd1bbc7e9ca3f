package custody

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// DetailReservations says of each reservation that an annulled issue had used up whether it is active again.
const DetailReservations = "reservations"

const (
	selectUsedBy = selectReservationRows + " WHERE r.key_id = ? AND r.loan = ? ORDER BY r.from_at, r.id"
	updateFreed  = "UPDATE reservation SET held_key = key_id, loan = NULL WHERE id = ?"
)

// free lets reservations that a loan had used up count again, unless their time has passed or another lies across them;
// those stay as they are. It gives all of them as they are then.
func (s *Service) free(ctx context.Context, tx *mysql.Tx, l *Loan, now time.Time) ([]*Reservation, error) {
	var used []*Reservation
	if err := tx.Select(ctx, &used, selectUsedBy, l.KeyID, l.ID); err != nil || len(used) == 0 {
		return nil, err
	}
	held, err := selectHeldByKey(ctx, tx, []id.ID{l.KeyID}, now)
	if err != nil {
		return nil, err
	}
	for _, r := range used {
		across := slices.ContainsFunc(held[l.KeyID], func(other *Reservation) bool { return period{r.From, &r.To}.meets(other) })
		if r.To.After(now) && !across {
			r.LoanID = id.ID{}
			if _, err := tx.Exec(ctx, updateFreed, r.ID); err != nil {
				return nil, err
			}
		}
		r.asOf(now)
	}
	return used, nil
}

// standing says how reservations stand, for an entry.
func standing(reservations []*Reservation) []any {
	told := make([]any, len(reservations))
	for i, r := range reservations {
		told[i] = map[string]any{"reservation": r.ID.String(), "active": r.State == ReservationActive}
	}
	return told
}

func reservationRefs(reservations []*Reservation) []ledger.Ref {
	refs := make([]ledger.Ref, len(reservations))
	for i, r := range reservations {
		refs[i] = ledger.Ref{Role: RefReservation, Type: RefReservation, ID: r.ID.String()}
	}
	return refs
}
