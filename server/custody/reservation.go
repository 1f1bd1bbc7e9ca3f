package custody

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/keytrail/keytrail/server/id"
)

// ReservationState is how a reservation stands. Whether its time is over is derived, and never stored.
type ReservationState string

// The states, in the words of the GraphQL schema.
const (
	ReservationActive    ReservationState = "ACTIVE"
	ReservationUsed      ReservationState = "USED"
	ReservationCancelled ReservationState = "CANCELLED"
	ReservationMissed    ReservationState = "MISSED"
)

// ReservationStates lists every state, in the order of the schema.
func ReservationStates() []ReservationState {
	return []ReservationState{ReservationActive, ReservationUsed, ReservationCancelled, ReservationMissed}
}

// MarshalGQL writes the schema's enum.
func (s ReservationState) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(s))) }

// UnmarshalGQL reads the schema's enum.
func (s *ReservationState) UnmarshalGQL(v any) error {
	text, _ := v.(string)
	if !slices.Contains(ReservationStates(), ReservationState(text)) {
		return fmt.Errorf("%.20q is not a state of a reservation", text)
	}
	*s = ReservationState(text)
	return nil
}

// Reservation is one key, kept for one person from From to before To.
type Reservation struct {
	ID       id.ID `db:"id"`
	KeyID    id.ID `db:"key_id"`
	HolderID id.ID `db:"holder"`
	// Department is the holder's when the key was reserved.
	Department id.ID     `db:"department"`
	From       time.Time `db:"from_at"`
	To         time.Time `db:"to_at"`
	// State is as of the moment the reservation was read.
	State         ReservationState `db:"-"`
	ReservedByID  id.ID            `db:"reserved_by"`
	ReservedAt    time.Time        `db:"reserved_at"`
	CancelledByID id.ID            `db:"cancelled_by"`
	CancelledAt   *time.Time       `db:"cancelled_at"`
	// LoanID is the loan that it became, zero while there is none.
	LoanID id.ID `db:"loan"`
	// CommentSeq is the entry that holds the comment, nil where there is none; Comment is what it says, nil where nothing
	// was written, where it was forgotten or where the reader may not see it.
	CommentSeq *uint64 `db:"comment_seq"`
	Comment    *string `db:"-"`
}

// asOf fills in what depends on the moment.
func (r *Reservation) asOf(now time.Time) *Reservation {
	switch {
	case r.CancelledAt != nil:
		r.State = ReservationCancelled
	case !r.LoanID.IsZero():
		r.State = ReservationUsed
	case !r.To.After(now):
		r.State = ReservationMissed
	default:
		r.State = ReservationActive
	}
	return r
}

// stateOfReservation is asOf in SQL, over r; its one value is now.
const stateOfReservation = "CASE WHEN r.cancelled_at IS NOT NULL THEN 'CANCELLED' WHEN r.loan IS NOT NULL THEN 'USED'" +
	" WHEN r.to_at <= ? THEN 'MISSED' ELSE 'ACTIVE' END"

// period is a time from one instant to before another; a nil end never comes.
type period struct {
	from time.Time
	to   *time.Time
}

// meets reports whether a reservation lies across the period.
func (p period) meets(r *Reservation) bool {
	return r.To.After(p.from) && (p.to == nil || r.From.Before(*p.to))
}

// usesUp reports whether a loan of the period uses up a reservation of its holder: when it begins in the reservation's
// time, or when that ends before the loan is due.
func (p period) usesUp(r *Reservation) bool {
	begins := !p.from.Before(r.From) && p.from.Before(r.To)
	within := p.meets(r) && (p.to == nil || !r.To.After(*p.to))
	return begins || within
}
