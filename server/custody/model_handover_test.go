package custody_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/keytrail/keytrail/server/custody"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// offer draws a handover and who does something with it, its giver and its receiver more often than others.
func (s *storeroom) offer(t *rapid.T) (*modelOffer, modelActor) {
	newest := slices.Clone(s.model.offers)
	slices.Reverse(newest)
	o, by := newest[min(len(newest)-1, fair(t, "handover", []int{0, 0, 0, 1, 2, 3}))], s.actor(t)
	person := fair(t, "person", []string{"receiver", "receiver", "giver", "other"})
	for _, a := range s.actors {
		if person == "receiver" && a.Person == o.to || person == "giver" && a.Person == o.giver {
			by = a
		}
	}
	return o, by
}

func (o *modelOffer) seenBy(by modelActor) bool {
	return by.Person == o.by || by.reaches(o.giver) || by.reaches(o.to)
}

// with gives an offer and those of its ring that the same giver made with it and that still wait.
func (m *model) with(o *modelOffer, now time.Time) []*modelOffer {
	all := []*modelOffer{o}
	for _, mate := range m.mates(o.key) {
		if other := mate.offer; other != nil && other.waits(now) && other.at.Equal(o.at) && other.giver == o.giver {
			all = append(all, other)
		}
	}
	return all
}

func (s *storeroom) accept(t *rapid.T) {
	if len(s.model.offers) == 0 {
		return
	}
	o, by := s.offer(t)
	now := s.turn()
	yes, badge := between(t, "yes", 0, 3) > 0, fair(t, "badge", []string{badgeOfModel, "00-443", ""})
	all := s.model.with(o, now)
	var want fault.Kind
	switch {
	case !o.seenBy(by):
		want = fault.NotFound
	case by.Person == o.giver, by.Person != o.to && !by.custodian:
		want = fault.Forbidden
	case by.Person != o.to && (o.to != s.model.named || badge != badgeOfModel):
		want = fault.BadInput
	case !o.waits(now):
		want = fault.Conflict
	case yes:
		want = s.model.decideAcceptance(all, now)
	}
	var made *custody.Handovers
	if !s.expect(t, func() (err error) {
		made, err = s.f.Custody.AcceptHandover(s.ctx, by.Actor, custody.AcceptInput{Handover: o.id, Accept: yes, Badge: badge, IdempotencyKey: s.once()})
		return err
	}, want) {
		return
	}
	if !yes {
		endOffers(all, custody.HandoverDeclined, ledger.KeyHandoverDeclined)
		return
	}
	for _, one := range all {
		s.model.passOn(one, made, now)
	}
}

// decideAcceptance gives why keys cannot go on, "" when they can. Only what was reserved before the offer is overridden.
func (m *model) decideAcceptance(offers []*modelOffer, now time.Time) fault.Kind {
	for _, o := range offers {
		if !m.mayTake(o.key, o.to, now) {
			return fault.Forbidden
		}
	}
	for _, o := range offers {
		for _, r := range m.broken(o.key, o.to, now, o.due, now) {
			if !o.override || r.made.After(o.at) {
				return fault.Conflict
			}
		}
		if o.due != nil && !o.due.After(now) {
			return fault.Conflict
		}
	}
	return ""
}

func (m *model) passOn(o *modelOffer, made *custody.Handovers, now time.Time) {
	k, before := o.key, o.key.loan
	h := made.Handovers[slices.IndexFunc(made.Handovers, func(h *custody.Handover) bool { return h.ID == o.id })]
	o.state, k.offer = custody.HandoverAccepted, nil
	k.loan = &modelLoan{id: h.NewLoanID, holder: o.to, due: o.due}
	k.move(modelMove{action: ledger.KeyHandedOver, at: now, entry: entryOf(made.Entries, ledger.KeyHandedOver, k), loan: k.loan, before: before}, o.to, now)
	m.lay(k, now, o.due, now)
}

func endOffers(offers []*modelOffer, state custody.HandoverState, action string) {
	for _, o := range offers {
		o.state, o.key.offer = state, nil
		o.key.record(action, o.giver)
	}
}

func (s *storeroom) cancelHandover(t *rapid.T) {
	if len(s.model.offers) == 0 {
		return
	}
	o, by := s.offer(t)
	now := s.turn()
	var want fault.Kind
	switch {
	case !o.seenBy(by):
		want = fault.NotFound
	case by.Person != o.by && by.Person != o.giver && !by.custodian:
		want = fault.Forbidden
	case !o.waits(now):
		want = fault.Conflict
	}
	all := s.model.with(o, now)
	if s.expect(t, func() error {
		_, err := s.f.Custody.CancelHandover(s.ctx, by.Actor, custody.CancelInput{Handover: o.id, IdempotencyKey: s.once()})
		return err
	}, want) {
		endOffers(all, custody.HandoverCancelled, ledger.KeyHandoverCancelled)
	}
}
