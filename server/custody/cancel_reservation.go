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

// CancelReservation cancels a reservation that is ACTIVE and, where its key hangs on a ring, those of that ring which were
// made with it: the ring goes out as one, so any of them would keep the whole of it. The one that was named comes first.
// CONFLICT for a reservation that is not ACTIVE, and NOT_FOUND when there is none that the actor may reserve for and that he
// did not make himself.
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
	booked, err := s.lockBooking(ctx, tx, in.Reservation)
	if err != nil {
		return nil, err
	}
	r := booked[0].Reservation
	if !actor.Is(r.ReservedByID) && !scope.Reaches(actor, r.HolderID, r.Department) {
		return nil, noSuchReservation()
	}
	if r.State != ReservationActive {
		return nil, fault.New(fault.Conflict, "This reservation is not open any more: it was used, cancelled or missed.").With("state", string(r.State))
	}
	p, err := s.people.Lookup(ctx, r.HolderID)
	if err != nil {
		return nil, err
	}
	at, keys := s.instant(), desk{}
	made := &ReservationChange{}
	drafts := make([]ledger.Draft, len(booked))
	for i, one := range booked {
		one.CancelledAt, one.CancelledByID = &at, actor.Person
		if _, err := tx.Exec(ctx, updateCancelled, actor.Person, at, one.ID); err != nil {
			return nil, err
		}
		made.Reservations = append(made.Reservations, one.asOf(at))
		drafts[i] = booking{ledger.KeyReservationCancelled, one.key, one.Reservation, holderOf(p), at}.draft(actor)
		if in.Reason != "" {
			drafts[i].Parts = append(drafts[i].Parts, holderOf(p).about(FieldReason, at, in.Reason))
		}
		keys = append(keys, one.place)
	}
	keys.bind(drafts)
	made.Entries, err = s.finish(ctx, tx, claim, drafts)
	return made, err
}

// booked is a reservation with its key, locked.
type booked struct {
	*Reservation
	place
}

// lockBooking locks the key of a reservation and its ring, and gives the reservation as it is then; behind it, while it is
// ACTIVE, those of the ring that were made with it.
func (s *Service) lockBooking(ctx context.Context, tx *mysql.Tx, one id.ID) ([]booked, error) {
	r, err := findReservation(ctx, tx, one)
	if err != nil {
		return nil, err
	}
	desk, err := s.lockWithRings(ctx, tx, []id.ID{r.KeyID})
	if err != nil {
		return nil, err
	}
	if r, err = findReservation(ctx, tx, one); err != nil { // again: it may have been used before its key was locked
		return nil, err
	}
	now := s.instant()
	all := []booked{{r.asOf(now), desk[0]}}
	if r.State != ReservationActive || len(desk) == 1 {
		return all, nil
	}
	held, err := selectHeldByKey(ctx, tx, desk[1:].ids(), now)
	if err != nil {
		return nil, err
	}
	for _, p := range desk[1:] {
		for _, other := range held[p.key.ID] {
			if other.madeWith(r) {
				all = append(all, booked{other, p})
			}
		}
	}
	return all, nil
}

// madeWith reports whether a reservation was made in one step with another.
func (r *Reservation) madeWith(other *Reservation) bool {
	return r.HolderID == other.HolderID && r.ReservedByID == other.ReservedByID && r.ReservedAt.Equal(other.ReservedAt) &&
		r.From.Equal(other.From) && r.To.Equal(other.To)
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
