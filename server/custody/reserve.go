package custody

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/mysql"
)

const (
	// MaxReservationsOfKey is how many reservations of one key can lie ahead.
	MaxReservationsOfKey = 500
	lateReserving        = 5 * time.Minute
	maxYearsAhead        = 2
)

// ReserveInput is which keys are kept for whom, from From to before To.
type ReserveInput struct {
	// Keys are 1 to 100 different keys.
	Keys           []id.ID
	Holder         id.ID
	From           time.Time
	To             time.Time
	Comment        string
	IdempotencyKey string
}

func (in ReserveInput) checked() (ReserveInput, error) {
	if err := distinct("keys", in.Keys, 1, MaxKeysAtOnce); err != nil {
		return in, err
	}
	if in.Holder.IsZero() {
		return in, fault.Field("holder", "say for whom the keys are: holder is the id of a person")
	}
	var err error
	if in.Comment, err = prose("comment", in.Comment, MaxComment); err != nil {
		return in, err
	}
	in.From, in.To = *inUTC(&in.From), *inUTC(&in.To)
	return in, nil
}

// checkTime demands a time that can be reserved now. A request that is repeated was checked the first time.
func (in ReserveInput) checkTime(now time.Time) error {
	switch {
	case in.From.Before(now.Add(-lateReserving)):
		return fault.Field("from", "from lies in the past: choose now or later")
	case in.From.After(now.AddDate(maxYearsAhead, 0, 0)):
		return fault.Field("from", "from lies more than %d years ahead: choose an earlier time", maxYearsAhead)
	case !in.To.After(in.From) || !in.To.After(now):
		return fault.Field("to", "to must lie after from, and after now: choose a later time")
	case in.To.After(in.From.AddDate(1, 0, 0)):
		return fault.Field("to", "to lies more than a year after from: issue the key instead")
	}
	return nil
}

// ReservationChange is what reserving or cancelling made: one entry for each reservation, in the order of the reservations.
type ReservationChange struct {
	Reservations []*Reservation
	Entries      []ledger.Entry
}

// Reserve keeps keys for one holder, all or none. CONFLICT names the reservations that lie across the time, and the
// keys whose loan is not due before it; FORBIDDEN when the holder may not take a key when it begins.
func (s *Service) Reserve(ctx context.Context, actor *access.Actor, in ReserveInput) (*ReservationChange, error) {
	scope, err := s.access.Require(ctx, actor, access.KeysReserve)
	if err != nil {
		return nil, err
	}
	if in, err = in.checked(); err != nil {
		return nil, err
	}
	wrongTime := in.checkTime(s.instant())
	to, err := s.bookedFor(ctx, actor, scope, in.Holder)
	switch {
	case err != nil && wrongTime != nil:
		return nil, wrongTime
	case err != nil:
		return nil, err
	}
	var made *ReservationChange
	err = s.db.InTx(ctx, func(ctx context.Context, tx *mysql.Tx) error {
		claim, err := s.ledger.Claim(ctx, tx, actor.Caller(), in.IdempotencyKey, map[string]any{"reserveKeys": in})
		if err != nil {
			return err
		}
		if claim.Replayed {
			made, err = s.replayReservations(ctx, tx, claim)
			return err
		}
		if wrongTime != nil {
			return wrongTime
		}
		made, err = s.reserve(ctx, tx, actor, claim, in, to)
		return err
	})
	if err != nil {
		return nil, s.recorded(ctx, actor, err)
	}
	return made, s.showComments(ctx, actor, made.Reservations)
}

// bookedFor finds the person for whom keys are reserved. One out of the actor's reach is answered like one there is not.
func (s *Service) bookedFor(ctx context.Context, actor *access.Actor, scope access.Scope, person id.ID) (holder, error) {
	to, err := s.taker(ctx, person)
	if fault.Is(err, fault.BadInput) && scope != access.All {
		return holder{}, mayReserve(access.None, actor, person, id.ID{})
	}
	if err != nil {
		return holder{}, err
	}
	return to, mayReserve(scope, actor, to.id, to.department)
}

// mayReserve demands that the right to reserve reaches the holder.
func mayReserve(scope access.Scope, actor *access.Actor, holder, department id.ID) error {
	if scope.Reaches(actor, holder, department) {
		return nil
	}
	return fault.New(fault.Forbidden, "Your right %s does not reach this holder: ask a custodian of all keys.", access.KeysReserve)
}

func (s *Service) reserve(ctx context.Context, tx *mysql.Tx, actor *access.Actor, claim *ledger.Claim, in ReserveInput, to holder) (*ReservationChange, error) {
	desk, err := s.lockWithRings(ctx, tx, in.Keys)
	if err != nil {
		return nil, err
	}
	if err := s.decideReserve(ctx, tx, actor, desk, in, to); err != nil {
		return nil, err
	}
	at := s.instant()
	made := &ReservationChange{Reservations: make([]*Reservation, len(desk))}
	drafts := make([]ledger.Draft, len(desk))
	for i, p := range desk {
		r := &Reservation{
			ID: id.NewAt(at), KeyID: p.key.ID, HolderID: to.id, Department: to.department, From: in.From, To: in.To,
			ReservedByID: actor.Person, ReservedAt: at,
		}
		made.Reservations[i] = r.asOf(at)
		drafts[i] = booking{ledger.KeyReserved, p.key, r, to, at}.draft(actor)
		if in.Comment != "" {
			drafts[i].Parts = append(drafts[i].Parts, to.about(ledger.FieldComment, at, in.Comment))
		}
	}
	desk.bind(drafts)
	if made.Entries, err = s.finish(ctx, tx, claim, drafts); err != nil {
		return nil, err
	}
	for i, r := range made.Reservations {
		if in.Comment != "" {
			r.CommentSeq = &made.Entries[i].Seq
		}
	}
	return made, insertReservations(ctx, tx, made.Reservations)
}

// decideReserve refuses what cannot be reserved.
func (s *Service) decideReserve(ctx context.Context, tx *mysql.Tx, actor *access.Actor, desk desk, in ReserveInput, to holder) error {
	if err := desk.checkUsable(); err != nil {
		return err
	}
	held, err := selectHeldByKey(ctx, tx, desk.ids(), s.instant())
	if err != nil {
		return err
	}
	var across []*Reservation
	for _, p := range desk {
		for _, r := range held[p.key.ID] {
			if (period{in.From, &in.To}).meets(r) {
				across = append(across, r)
			}
		}
		if len(held[p.key.ID]) >= MaxReservationsOfKey {
			return fault.New(fault.Conflict, "Key %s has %d reservations ahead, and cannot have more: cancel some.", p.key.Number, MaxReservationsOfKey)
		}
	}
	if len(across) > 0 {
		return s.conflictReserved(actor, desk, across).fault()
	}
	out := desk.where(func(p place) bool { return p.open != nil && (p.open.DueAt == nil || p.open.DueAt.After(in.From)) })
	if len(out) > 0 {
		keys := s.named(actor, out)
		return fault.New(fault.Conflict, "%s out and not due before the reservation begins: choose a later time, or have the key due earlier.",
			sentence(keys)).With("keys", keys)
	}
	rules, err := selectRules(ctx, tx, desk.ids())
	if err != nil {
		return err
	}
	return s.checkMayTake(actor, desk, rules, to, in.From, access.KeysReserve, false)
}

// booking is a reservation that something happens to, for its entry.
type booking struct {
	action      string
	key         *Key
	reservation *Reservation
	holder      holder
	at          time.Time
}

// draft makes the entry: what, when and which key in plain, for whom in sealed parts.
func (b booking) draft(actor *access.Actor) ledger.Draft {
	d := actor.Draft(ledger.StreamKey, b.action, b.at)
	d.ID = id.NewAt(b.at)
	d.OccurredAt = b.at
	d.Person, d.Department = b.holder.id, b.reservation.Department
	d.Entity = ledger.Entity{Type: EntityKey, ID: b.key.ID.String(), Label: b.key.Number}
	d.Refs = []ledger.Ref{{Role: RefReservation, Type: RefReservation, ID: b.reservation.ID.String()}}
	d.Details = map[string]any{"from": b.reservation.From, "to": b.reservation.To}
	if !b.holder.erased {
		d.Parts = append(d.Parts, b.holder.about(ledger.FieldHolder, b.at, b.holder.details))
	}
	return d
}

// replayReservations gives what a repeated request made or cancelled the first time.
func (s *Service) replayReservations(ctx context.Context, tx *mysql.Tx, claim *ledger.Claim) (*ReservationChange, error) {
	entries, err := s.ledger.ReadClaimed(ctx, tx, claim)
	if err != nil {
		return nil, err
	}
	ids, err := refsOf(entries, RefReservation)
	if err != nil {
		return nil, err
	}
	found, err := selectReservationsByID(ctx, tx, ids, s.instant())
	return &ReservationChange{Reservations: inOrder(ids, found), Entries: entries}, err
}

func selectReservationsByID(ctx context.Context, q mysql.Querier, ids []id.ID, now time.Time) (map[id.ID]*Reservation, error) {
	var rows []*Reservation
	if err := selectIn(ctx, q, &rows, selectReservations, ids); err != nil {
		return nil, err
	}
	found := make(map[id.ID]*Reservation, len(rows))
	for _, r := range rows {
		found[r.ID] = r.asOf(now)
	}
	return found, nil
}
