package custody_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

func (s *storeroom) reserve(t *rapid.T) {
	keys, to, by, now := s.some(t, (*modelKey).in), s.person(t, "holder"), s.actor(t), s.turn()
	from := now.Add(time.Duration(between(t, "begins", 0, 180)) * time.Minute)
	in := custody.ReserveInput{
		Keys: idsOf(keys), Holder: to.ID, From: from, IdempotencyKey: s.once(),
		To: from.Add(time.Duration(between(t, "lasts", 1, 120)) * time.Minute),
	}
	whole := s.model.withMates(keys)
	var want fault.Kind
	switch {
	case !by.reaches(to.ID):
		want = fault.Forbidden
	case anyKey(whole, (*modelKey).unusable):
		want = fault.BadInput
	case anyKey(whole, func(k *modelKey) bool { return s.model.isTaken(k, in.From, in.To, now) }):
		want = fault.Conflict
	case anyKey(whole, func(k *modelKey) bool { return !s.model.mayTake(k, to.ID, in.From) }):
		want = fault.Forbidden
	}
	var made *custody.ReservationChange
	if !s.expect(t, func() (err error) {
		made, err = s.f.Custody.Reserve(s.ctx, by.Actor, in)
		return err
	}, want) {
		return
	}
	for _, k := range whole {
		r := made.Reservations[slices.IndexFunc(made.Reservations, func(r *custody.Reservation) bool { return r.KeyID == k.id })]
		s.model.reservations = append(s.model.reservations, &modelReservation{
			id: r.ID, key: k, holder: to.ID, by: by.Person, from: in.From, to: in.To, made: now, state: custody.ReservationActive,
		})
		k.record(ledger.KeyReserved, to.ID)
	}
}

// isTaken reports whether a key is reserved across a time, or out and not due before it.
func (m *model) isTaken(k *modelKey, from, to, now time.Time) bool {
	across := slices.ContainsFunc(m.ahead(k, now), func(r *modelReservation) bool { return r.meets(from, &to) })
	return across || k.out() && (k.loan.due == nil || k.loan.due.After(from))
}

func (s *storeroom) cancelReservation(t *rapid.T) {
	if len(s.model.reservations) == 0 {
		return
	}
	r, by, now := likely(t, "reservation", s.model.reservations, func(r *modelReservation) bool { return r.state == custody.ReservationActive }), s.actor(t), s.turn()
	waits := func(r *modelReservation) bool { return r.state == custody.ReservationActive && r.to.After(now) }
	var want fault.Kind
	switch {
	case !by.reaches(r.holder) && by.Person != r.by:
		want = fault.NotFound
	case !waits(r):
		want = fault.Conflict
	}
	var made *custody.ReservationChange
	if !s.expect(t, func() (err error) {
		made, err = s.f.Custody.CancelReservation(s.ctx, by.Actor, custody.CancelReservationInput{Reservation: r.id, Reason: "Not needed", IdempotencyKey: s.once()})
		return err
	}, want) {
		return
	}
	cancelled := []*modelReservation{r}
	for _, other := range s.model.reservations {
		if slices.Contains(s.model.mates(r.key), other.key) && other.made.Equal(r.made) && waits(other) {
			cancelled = append(cancelled, other)
		}
	}
	if len(made.Reservations) != len(cancelled) || made.Reservations[0].ID != r.id {
		t.Fatalf("%d reservations were cancelled, want %d", len(made.Reservations), len(cancelled))
	}
	for _, one := range cancelled {
		one.state = custody.ReservationCancelled
		one.key.record(ledger.KeyReservationCancelled, one.holder)
	}
}

// modelApproval is an issue that waits for a second person.
type modelApproval struct {
	id, by  id.ID
	issue   modelIssue
	expires time.Time
	state   custody.ApprovalState // PENDING for expired ones, too
}

func (a *modelApproval) waits(now time.Time) bool {
	return a.state == custody.ApprovalPending && a.expires.After(now)
}

func (m *model) ask(a *custody.Approval, by modelActor, i modelIssue, now time.Time) {
	m.approvals = append(m.approvals, &modelApproval{id: a.ID, by: by.Person, issue: i, state: custody.ApprovalPending, expires: now.Add(24 * time.Hour)})
	for _, k := range i.keys {
		k.record(ledger.KeyApprovalRequested, i.holder)
	}
}

func (s *storeroom) approval(t *rapid.T) *modelApproval {
	return likely(t, "approval", s.model.approvals, func(a *modelApproval) bool { return a.state == custody.ApprovalPending })
}

func (s *storeroom) decide(t *rapid.T) {
	if len(s.model.approvals) == 0 {
		return
	}
	a, by, now := s.approval(t), s.actor(t), s.turn()
	approve := rapid.Bool().Draw(t, "approve")
	i := a.issue
	i.at = now
	var want fault.Kind
	switch {
	case !by.custodian, by.Person == a.by, by.Person == i.holder:
		want = fault.Forbidden
	case !a.waits(now):
		want = fault.Conflict
	case approve && i.due != nil && !i.due.After(now): // whatever became of the keys
		want = fault.BadInput
	case approve:
		if want = s.model.decideIssue(&i, now); want == fault.Forbidden { // it waits for a time when the holder may
			want = fault.Conflict
		}
	}
	var made *custody.Movement
	if !s.expect(t, func() (err error) {
		made, err = s.f.Custody.Decide(s.ctx, by.Actor, custody.DecideInput{Approval: a.id, Approve: approve, IdempotencyKey: s.once()})
		return err
	}, want) {
		return
	}
	if approve {
		a.state = custody.ApprovalApproved
		a.tell(ledger.KeyApprovalGranted)
		s.model.issue(&i, made, now)
		return
	}
	a.state = custody.ApprovalRefused
	a.tell(ledger.KeyApprovalRefused)
}

func (a *modelApproval) tell(action string) {
	for _, k := range a.issue.keys {
		k.record(action, a.issue.holder)
	}
}

func (s *storeroom) cancelRequest(t *rapid.T) {
	if len(s.model.approvals) == 0 {
		return
	}
	a, by, now := s.approval(t), s.actor(t), s.turn()
	var want fault.Kind
	switch {
	case !by.custodian:
		want = fault.Forbidden
	case by.Person != a.by:
		want = fault.NotFound
	case !a.waits(now):
		want = fault.Conflict
	}
	if s.expect(t, func() error {
		_, err := s.f.Custody.CancelApproval(s.ctx, by.Actor, a.id, s.once())
		return err
	}, want) {
		a.state = custody.ApprovalCancelled
		a.tell(ledger.KeyApprovalCancelled)
	}
}
