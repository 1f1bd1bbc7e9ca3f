package custody_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/page"
)

// agree compares loans, reservations, approvals and handovers with the model.
func (s *storeroom) agree(t *rapid.T) {
	s.agreeOnReservations(t)
	s.agreeOnRequests(t)
	for _, k := range s.model.keys {
		s.agreeOnLoans(t, k)
	}
}

// agreeOnStates compares the keys' states and how many there are of each.
func (s *storeroom) agreeOnStates(t *rapid.T) {
	now := s.f.Clock.Now()
	list, err := s.f.Custody.Keys(s.ctx, s.desk, custody.KeyFilter{Group: s.group, States: custody.KeyStates()}, page.Request{})
	if err != nil || len(list.Items) != len(s.model.keys) {
		t.Fatal(len(list.Items), err)
	}
	counted := map[custody.KeyState]int{}
	for i, k := range s.model.keys { // both in the order of their numbers
		want := s.model.state(k, now)
		counted[want]++
		if got := list.Items[i]; got.ID != k.id || got.State != want || got.Cabinet != k.cabinet {
			t.Fatalf("key %s is %s in %s, want %s in %s", got.Number, got.State, got.Cabinet, want, k.cabinet)
		}
	}
	counts, err := list.States(s.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		if c.Count != counted[c.State] {
			t.Fatalf("%d keys are %s, want %d", c.Count, c.State, counted[c.State])
		}
	}
}

// agreeOnHistory compares what was added to the ledger since the last step.
func (s *storeroom) agreeOnHistory(t *rapid.T) {
	entries, err := s.f.Ledger.Read(s.ctx, s.f.DB, s.read, 1000)
	if err != nil {
		t.Fatal(err)
	}
	added := map[string][]string{}
	for i := range entries {
		e := &entries[i]
		s.read = e.Seq + 1
		if e.Stream == ledger.StreamKey && e.Entity.Type == custody.EntityKey {
			added[e.Entity.ID] = append(added[e.Entity.ID], e.Action+" "+e.Person.String())
		}
	}
	for _, k := range s.model.keys {
		if !slices.Equal(added[k.id.String()], k.history) {
			t.Fatalf("the ledger says of key %s %q, want %q", k.number, added[k.id.String()], k.history)
		}
		k.history = nil
	}
}

// agreeOnLoans demands that the loans of a key follow each other, those of a handover without a gap, that they are those
// of the model, and that only the last is open.
func (s *storeroom) agreeOnLoans(t *rapid.T, k *modelKey) {
	found, err := s.f.Custody.Loans(s.ctx, s.desk, custody.LoanFilter{Key: k.id}, page.Request{})
	if err != nil {
		t.Fatal(err)
	}
	loans := slices.DeleteFunc(found.Items, func(l *custody.Loan) bool { return l.End != nil && *l.End == custody.EndVoided })
	slices.SortFunc(loans, func(a, b *custody.Loan) int { return a.IssuedAt.Compare(b.IssuedAt) })
	holders := make([]id.ID, len(loans))
	for i, l := range loans {
		holders[i] = l.HolderID
		last := i == len(loans)-1
		if l.Open() != (last && k.out()) {
			t.Fatalf("%+v of %d, but out is %v", l, len(loans), k.out())
		}
		if !last && (loans[i+1].IssuedAt.Before(*l.ReturnedAt) || *l.End == custody.EndHandedOver && !loans[i+1].IssuedAt.Equal(*l.ReturnedAt)) {
			t.Fatalf("%+v and %+v do not follow each other", l, loans[i+1])
		}
		if l.Open() && (l.ID != k.loan.id || !sameTime(l.DueAt, k.loan.due)) {
			t.Fatalf("%+v is open, want %+v", l, k.loan)
		}
	}
	if want := k.wasHeld(); !slices.Equal(holders, want) {
		t.Fatalf("key %s was held by %v, want %v", k.number, holders, want)
	}
}

func (s *storeroom) agreeOnReservations(t *rapid.T) {
	now := s.f.Clock.Now()
	found, err := s.f.Custody.Reservations(s.ctx, s.desk, custody.ReservationFilter{Group: s.group, States: custody.ReservationStates()}, page.Request{First: ptr(page.MaxSize)})
	if err != nil || len(found.Items) != len(s.model.reservations) {
		t.Fatalf("%d reservations, want %d: %v", len(found.Items), len(s.model.reservations), err)
	}
	byID := map[id.ID]*custody.Reservation{}
	active := map[id.ID]*custody.Reservation{}
	for _, r := range found.Items { // in the order of time
		if byID[r.ID] = r; r.State != custody.ReservationActive {
			continue
		}
		if before := active[r.KeyID]; before != nil && r.From.Before(before.To) {
			t.Fatalf("%+v lies across %+v", r, before)
		}
		active[r.KeyID] = r
	}
	for _, r := range s.model.reservations {
		want := r.state
		if want == custody.ReservationActive && !r.to.After(now) {
			want = custody.ReservationMissed
		}
		if got := byID[r.id]; got == nil || got.State != want || got.HolderID != r.holder {
			t.Fatalf("%+v, want %s for %s", got, want, r.holder)
		}
	}
}

// agreeOnRequests compares approvals and handovers.
func (s *storeroom) agreeOnRequests(t *rapid.T) {
	now := s.f.Clock.Now()
	for _, a := range s.model.approvals {
		want := a.state
		if want == custody.ApprovalPending && !a.waits(now) {
			want = custody.ApprovalExpired
		}
		if found, err := s.f.Custody.Approval(s.ctx, s.desk, a.id); err != nil || found.State != want {
			t.Fatalf("%+v %v, want %s", found, err, want)
		}
	}
	for _, k := range s.model.keys {
		offers := slices.DeleteFunc(slices.Clone(s.model.offers), func(o *modelOffer) bool { return o.key != k })
		if len(offers) == 0 {
			continue
		}
		found, err := s.f.Custody.Handovers(s.ctx, s.desk, custody.HandoverFilter{Key: k.id}, page.Request{})
		if err != nil || len(found.Items) != len(offers) {
			t.Fatalf("%d handovers, want %d: %v", len(found.Items), len(offers), err)
		}
		slices.SortFunc(offers, func(a, b *modelOffer) int { return b.at.Compare(a.at) }) // the newest first
		for i, o := range offers {
			want := o.state
			if want == custody.HandoverPending && !o.waits(now) {
				want = custody.HandoverExpired
			}
			if got := found.Items[i]; got.ID != o.id || got.State != want {
				t.Fatalf("%+v, want %s", got, want)
			}
		}
	}
}

func sameTime(a, b *time.Time) bool { return (a == nil) == (b == nil) && (a == nil || a.Equal(*b)) }
