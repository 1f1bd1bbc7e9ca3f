package custody_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// modelReservation and modelApproval are what the model knows of a reservation and of an approval.
type modelReservation struct {
	id, key, holder id.ID
	from, to        time.Time
	state           custody.ReservationState // ACTIVE for missed ones, too
}

type modelApproval struct {
	id, by, holder id.ID
	keys           []id.ID
	due            *time.Time
	override       bool
	expires        time.Time
	state          custody.ApprovalState // PENDING for expired ones, too
}

// ahead gives the reservations of a key that count now or later, in the order of time.
func (m *model) ahead(key id.ID, now time.Time) []*modelReservation {
	var ahead []*modelReservation
	for _, r := range m.reservations {
		if r.key == key && r.state == custody.ReservationActive && r.to.After(now) {
			ahead = append(ahead, r)
		}
	}
	slices.SortFunc(ahead, func(a, b *modelReservation) int { return a.from.Compare(b.from) })
	return ahead
}

func (m *model) reservedAt(key id.ID, now time.Time) bool {
	return slices.ContainsFunc(m.ahead(key, now), func(r *modelReservation) bool { return !r.from.After(now) })
}

// broken gives the reservations of others that a loan from now on would break.
func (m *model) broken(key, holder id.ID, due *time.Time, now time.Time) []*modelReservation {
	return slices.DeleteFunc(m.ahead(key, now), func(r *modelReservation) bool {
		return r.holder == holder || due != nil && !r.from.Before(*due)
	})
}

func (m *model) refusesIssue(keys []id.ID, holder id.ID, due *time.Time, override bool, now time.Time) fault.Kind {
	anyKey := func(is func(key id.ID) bool) bool { return slices.ContainsFunc(keys, is) }
	switch {
	case anyKey(func(key id.ID) bool { return !m.holder[key].IsZero() }):
		return fault.Conflict
	case anyKey(func(key id.ID) bool { return m.retired[key] }), due != nil && !due.After(now):
		return fault.BadInput
	case !override && anyKey(func(key id.ID) bool { return len(m.broken(key, holder, due, now)) > 0 }):
		return fault.Conflict
	}
	return ""
}

func (m *model) issue(keys []id.ID, holder id.ID, due *time.Time, now time.Time) {
	for _, key := range keys {
		m.begin(key, ledger.KeyIssued, holder, due, now)
	}
}

// begin lets a loan begin, with an issue or a handover.
func (m *model) begin(key id.ID, action string, holder id.ID, due *time.Time, now time.Time) {
	m.record(key, action, holder)
	for _, r := range m.ahead(key, now) {
		begun, ends := !r.from.After(now), due == nil || !r.to.After(*due)
		if r.holder == holder && (begun || ends) {
			r.state = custody.ReservationUsed
		}
	}
	for _, r := range m.broken(key, holder, due, now) {
		m.record(key, ledger.KeyReservationOverridden, r.holder)
	}
	m.holder[key], m.due[key] = holder, due
}

func (m *model) record(key id.ID, action string, person id.ID) {
	m.history[key] = append(m.history[key], action+" "+person.String())
}

func (m *model) ask(a *custody.Approval, by id.ID, in custody.IssueInput, now time.Time) {
	m.approvals = append(m.approvals, &modelApproval{
		id: a.ID, by: by, holder: in.Holder, keys: in.Keys, due: in.DueAt, state: custody.ApprovalPending, expires: now.Add(24 * time.Hour),
		// a reason that is not needed is not kept
		override: in.OverrideReason != "" && slices.ContainsFunc(in.Keys, func(key id.ID) bool { return len(m.broken(key, in.Holder, in.DueAt, now)) > 0 }),
	})
	for _, key := range in.Keys {
		m.record(key, ledger.KeyApprovalRequested, in.Holder)
	}
}

func (s *storeroom) reserve(t *rapid.T) {
	keys, to := s.some(t), rapid.SampledFrom(s.holders).Draw(t, "holder")
	now := s.f.Clock.Now()
	from := now.Add(time.Duration(rapid.IntRange(0, 180).Draw(t, "begins")) * time.Minute)
	in := custody.ReserveInput{Keys: keys, Holder: to.ID, From: from, To: from.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "lasts")) * time.Minute)}
	var want fault.Kind
	for _, key := range keys {
		across := slices.ContainsFunc(s.model.ahead(key, now), func(r *modelReservation) bool { return r.from.Before(in.To) && r.to.After(in.From) })
		due := s.model.due[key]
		if across || !s.model.holder[key].IsZero() && (due == nil || due.After(in.From)) {
			want = fault.Conflict
		}
	}
	if slices.ContainsFunc(keys, func(key id.ID) bool { return s.model.retired[key] }) {
		want = fault.BadInput
	}
	var made *custody.ReservationChange
	s.expect(t, want, func() (err error) {
		made, err = s.f.Custody.Reserve(s.ctx, rapid.SampledFrom(s.actors).Draw(t, "by"), in)
		return err
	})
	if want != "" {
		return
	}
	for i, key := range keys {
		s.model.reservations = append(s.model.reservations, &modelReservation{made.Reservations[i].ID, key, to.ID, in.From, in.To, custody.ReservationActive})
		s.model.record(key, ledger.KeyReserved, to.ID)
	}
}

func (s *storeroom) cancel(t *rapid.T) {
	if len(s.model.reservations) == 0 {
		t.Skip("nothing is reserved")
	}
	r := rapid.SampledFrom(s.model.reservations).Draw(t, "reservation")
	var want fault.Kind
	if r.state != custody.ReservationActive || !r.to.After(s.f.Clock.Now()) {
		want = fault.Conflict
	}
	s.expect(t, want, func() error {
		_, err := s.f.Custody.CancelReservation(s.ctx, s.desk, custody.CancelReservationInput{Reservation: r.id})
		return err
	})
	if want == "" {
		r.state = custody.ReservationCancelled
		s.model.record(r.key, ledger.KeyReservationCancelled, r.holder)
	}
}

func (s *storeroom) decide(t *rapid.T) {
	if len(s.model.approvals) == 0 {
		t.Skip("nothing was asked")
	}
	a := rapid.SampledFrom(s.model.approvals).Draw(t, "approval")
	by, approve, now := rapid.SampledFrom(s.actors).Draw(t, "by"), rapid.Bool().Draw(t, "approve"), s.f.Clock.Now()
	var want fault.Kind
	switch {
	case by.Person == a.by || by.Person == a.holder:
		want = fault.Forbidden
	case a.state != custody.ApprovalPending || !a.expires.After(now):
		want = fault.Conflict
	case approve:
		want = s.model.refusesIssue(a.keys, a.holder, a.due, a.override, now)
	}
	s.expect(t, want, func() error {
		_, err := s.f.Custody.Decide(s.ctx, by, custody.DecideInput{Approval: a.id, Approve: approve})
		return err
	})
	if want != "" {
		return
	}
	action := ledger.KeyApprovalRefused
	if a.state = custody.ApprovalRefused; approve {
		a.state, action = custody.ApprovalApproved, ledger.KeyApprovalGranted
	}
	for _, key := range a.keys {
		s.model.record(key, action, a.holder)
	}
	if approve {
		s.model.issue(a.keys, a.holder, a.due, now)
	}
}

func (s *storeroom) cancelRequest(t *rapid.T) {
	if len(s.model.approvals) == 0 {
		t.Skip("nothing was asked")
	}
	a, by := rapid.SampledFrom(s.model.approvals).Draw(t, "approval"), rapid.SampledFrom(s.actors).Draw(t, "by")
	var want fault.Kind
	switch {
	case by.Person != a.by:
		want = fault.NotFound
	case a.state != custody.ApprovalPending || !a.expires.After(s.f.Clock.Now()):
		want = fault.Conflict
	}
	s.expect(t, want, func() error {
		_, err := s.f.Custody.CancelApproval(s.ctx, by, a.id, "")
		return err
	})
	if want != "" {
		return
	}
	a.state = custody.ApprovalCancelled
	for _, key := range a.keys {
		s.model.record(key, ledger.KeyApprovalCancelled, a.holder)
	}
}

// agreeOnBookings compares reservations and approvals with the model.
func (s *storeroom) agreeOnBookings(t *rapid.T) {
	now := s.f.Clock.Now()
	for _, key := range s.keys {
		found, err := s.f.Custody.Reservations(s.ctx, s.desk, custody.ReservationFilter{Key: key}, page.Request{})
		if err != nil {
			t.Fatal(err)
		}
		var want, got []id.ID
		for _, r := range s.model.ahead(key, now) {
			want = append(want, r.id)
		}
		for i, r := range found.Items {
			if got = append(got, r.ID); i > 0 && r.From.Before(found.Items[i-1].To) {
				t.Fatalf("%+v lies across %+v", r, found.Items[i-1])
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v are reserved, want %v", got, want)
		}
	}
	for _, a := range s.model.approvals {
		want := a.state
		if want == custody.ApprovalPending && !a.expires.After(now) {
			want = custody.ApprovalExpired
		}
		found, err := s.f.Custody.Approval(s.ctx, s.desk, a.id)
		if err != nil || found.State != want {
			t.Fatalf("%+v %v, want %s", found, err, want)
		}
	}
}
