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

// extend moves a loan's due time on, over reservations only with a reason.
func (s *storeroom) extend(t *rapid.T) {
	key, now := rapid.SampledFrom(s.keys).Draw(t, "key"), s.f.Clock.Now()
	open, err := s.f.Custody.LoansOpenByKey(s.ctx, s.desk, []id.ID{key})
	if err != nil || open[key] == nil {
		t.Skip("it is not out")
	}
	in := custody.ExtendInput{Loan: open[key].ID, DueAt: now.Add(time.Duration(rapid.IntRange(1, 180).Draw(t, "minutes")) * time.Minute)}
	if rapid.IntRange(0, 2).Draw(t, "override") == 0 {
		in.OverrideReason = "It burns"
	}
	holder, before := s.model.holder[key], s.model.due[key]
	var want fault.Kind
	var across []*modelReservation
	switch {
	case before == nil:
		want = fault.Conflict
	case !in.DueAt.After(*before):
		want = fault.BadInput
	default:
		across = slices.DeleteFunc(s.model.broken(key, holder, &in.DueAt, now), func(r *modelReservation) bool { return !r.to.After(*before) })
		if len(across) > 0 && in.OverrideReason == "" {
			want = fault.Conflict
		}
	}
	s.expect(t, want, func() error {
		_, err := s.f.Custody.Extend(s.ctx, rapid.SampledFrom(s.actors).Draw(t, "by"), in)
		return err
	})
	if want != "" {
		return
	}
	s.model.record(key, ledger.KeyExtended, holder)
	for _, r := range s.model.ahead(key, now) {
		begun, ends := !r.from.After(*before) && r.to.After(*before), r.to.After(*before) && !r.to.After(in.DueAt)
		if r.holder == holder && (begun || ends) {
			r.state = custody.ReservationUsed
		}
	}
	for _, r := range across {
		s.model.record(key, ledger.KeyReservationOverridden, r.holder)
	}
	s.model.due[key] = &in.DueAt
}

// handOver offers a key and has the receiver accept it at once.
func (s *storeroom) handOver(t *rapid.T) {
	key, to, now := rapid.SampledFrom(s.keys).Draw(t, "key"), rapid.SampledFrom(s.holders).Draw(t, "receiver"), s.f.Clock.Now()
	in := custody.HandOverInput{Keys: []id.ID{key}, To: to.ID}
	if rapid.IntRange(0, 2).Draw(t, "override") == 0 {
		in.OverrideReason = "It burns"
	}
	giver, due := s.model.holder[key], s.model.due[key]
	var want fault.Kind
	switch {
	case giver.IsZero():
		want = fault.Conflict
	case giver == to.ID, due != nil && !due.After(now):
		want = fault.BadInput
	case s.model.marked[key], in.OverrideReason == "" && len(s.model.broken(key, to.ID, due, now)) > 0:
		want = fault.Conflict
	}
	var made *custody.Handovers
	s.expect(t, want, func() (err error) {
		made, err = s.f.Custody.HandOver(s.ctx, s.desk, in)
		return err
	})
	if want != "" {
		return
	}
	s.model.record(key, ledger.KeyHandoverRequested, giver)
	if _, err := s.f.Custody.AcceptHandover(s.ctx, s.f.Actor(to, "member"), custody.AcceptInput{Handover: made.Handovers[0].ID, Accept: true}); err != nil {
		t.Fatal(err)
	}
	s.model.begin(key, ledger.KeyHandedOver, to.ID, due, now)
}
