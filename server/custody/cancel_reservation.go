package custody

import (
	"context"
	"database/sql"
	"errors"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

// CancelReservationInput says which reservation is not wanted any more.
type CancelReservationInput struct {
	Reservation id.ID
	// Reason has at most 500 characters; it is kept sealed.
	Reason         string
	IdempotencyKey string
}

// CancelReservation cancels a reservation that is ACTIVE. CONFLICT for any other, and NOT_FOUND when there is none that
// the actor may reserve for and that he did not make himself.
func (s *Service) CancelReservation(ctx context.Context, actor *access.Actor, in CancelReservationInput) (*ReservationChange, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysReserve)
	if err != nil {
		return nil, err
	}
	if in.Reason, err = prose("reason", in.Reason, MaxReason); err != nil {
		return nil, err
	}
	var made *ReservationChange
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"cancelReservation": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayReservations(ctx, tx, claim)
			return err
		}
		made, err = s.cancelReservation(ctx, tx, actor, scope, claim, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, s.showComments(ctx, actor, made.Reservations)
}

func (s *Service) cancelReservation(ctx context.Context, tx *mysql.Tx, actor *access.Actor, scope access.Scope, claim *ledger.Claim, in CancelReservationInput) (*ReservationChange, error) {
	r, key, err := s.lockReservation(ctx, tx, in.Reservation)
	if err != nil {
		return nil, err
	}
	at := s.instant()
	mine := !actor.Person.IsZero() && r.ReservedByID == actor.Person
	if !mine && !scope.Reaches(actor, r.HolderID, r.Department) {
		return nil, noSuchReservation()
	}
	if r.asOf(at).State != ReservationActive {
		return nil, fault.New(fault.Conflict, "This reservation is not open any more: it was used, cancelled or missed.").With("state", string(r.State))
	}
	p, err := s.people.Lookup(ctx, r.HolderID)
	if err != nil {
		return nil, err
	}
	r.CancelledAt, r.CancelledByID = &at, actor.Person
	if _, err := tx.Exec(ctx, updateCancelled, actor.Person, at, r.ID); err != nil {
		return nil, err
	}
	d := booking{ledger.KeyReservationCancelled, key, r.asOf(at), holderOf(p), at}.draft(actor)
	if in.Reason != "" {
		d.Parts = append(d.Parts, holderOf(p).about(FieldReason, at, in.Reason))
	}
	entries, err := s.finish(ctx, tx, claim, []ledger.Draft{d})
	return &ReservationChange{Reservations: []*Reservation{r}, Entries: entries}, err
}

// lockReservation gives a reservation as it is while its key is locked, and the key.
func (s *Service) lockReservation(ctx context.Context, tx *mysql.Tx, one id.ID) (*Reservation, *Key, error) {
	r, err := findReservation(ctx, tx, one)
	if err != nil {
		return nil, nil, err
	}
	keys, err := lockKeys(ctx, tx, []id.ID{r.KeyID})
	if err != nil {
		return nil, nil, err
	}
	if keys[r.KeyID] == nil {
		return nil, nil, noSuchReservation()
	}
	r, err = findReservation(ctx, tx, one)
	return r, keys[r.KeyID], err
}

func findReservation(ctx context.Context, q mysql.Querier, one id.ID) (*Reservation, error) {
	var r Reservation
	err := q.Get(ctx, &r, selectReservation, one)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noSuchReservation()
	}
	return &r, err
}

func noSuchReservation() error { return fault.New(fault.NotFound, "There is no such reservation.") }
