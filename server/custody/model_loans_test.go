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

// extend moves the due time of a loan on, of one that ended, too.
func (s *storeroom) extend(t *rapid.T) {
	key, by, now := s.key(t, (*modelKey).out), s.actor(t), s.turn()
	if len(key.moves) == 0 || key.moves[len(key.moves)-1].loan == nil {
		return
	}
	loan := key.moves[len(key.moves)-1].loan
	in := custody.ExtendInput{
		Loan: loan.id, DueAt: now.Add(time.Duration(between(t, "minutes", -60, 240)) * time.Minute),
		OverrideReason: overrideReason(t), IdempotencyKey: s.once(),
	}
	override := in.OverrideReason != ""
	var want fault.Kind
	switch {
	case !by.custodian:
		want = fault.Forbidden
	case key.loan != loan, loan.due == nil:
		want = fault.Conflict
	case !in.DueAt.After(*loan.due), !in.DueAt.After(now):
		want = fault.BadInput
	case s.model.passesCurfew([]*modelKey{key}, key.lastMoved(), &in.DueAt) && !(override && by.admin):
		want = fault.BadInput
	case s.model.breaks([]*modelKey{key}, loan.holder, *loan.due, &in.DueAt, now) && !override:
		want = fault.Conflict
	}
	if s.expect(t, func() error {
		_, err := s.f.Custody.Extend(s.ctx, by.Actor, in)
		return err
	}, want) {
		before := *loan.due
		loan.due = &in.DueAt
		key.record(ledger.KeyExtended, loan.holder)
		s.model.lay(key, before, loan.due, now)
	}
}

func (s *storeroom) lose(t *rapid.T) {
	key, by, now := s.key(t, (*modelKey).out), s.actor(t), s.turn()
	var want fault.Kind
	switch {
	case !by.custodian && by.Person != key.holder():
		want = fault.NotFound
	case key.unusable():
		want = fault.Conflict
	}
	var made *custody.Report
	if s.expect(t, func() (err error) {
		made, err = s.f.Custody.ReportLost(s.ctx, by.Actor, custody.ReportInput{Key: key.id, IdempotencyKey: s.once()})
		return err
	}, want) {
		key.lose(made.Entry.Seq, now)
	}
}

func (k *modelKey) lose(entry uint64, now time.Time) {
	holder, was := k.holder(), k.loan
	k.loan, k.lost = nil, true
	k.move(modelMove{action: ledger.KeyLost, at: now, entry: entry, loan: was}, holder, now)
}

func (s *storeroom) find(t *rapid.T) {
	key, by, now := s.key(t, func(k *modelKey) bool { return k.lost }), s.actor(t), s.turn()
	var want fault.Kind
	switch {
	case !by.custodian:
		want = fault.Forbidden
	case key.retired, !key.lost:
		want = fault.Conflict
	}
	var made *custody.Report
	if s.expect(t, func() (err error) {
		made, err = s.f.Custody.ReportFound(s.ctx, by.Actor, custody.ReportInput{Key: key.id, IdempotencyKey: s.once()})
		return err
	}, want) {
		key.find(made.Entry.Seq, now)
	}
}

func (k *modelKey) find(entry uint64, now time.Time) {
	k.lost = false
	k.move(modelMove{action: ledger.KeyFound, at: now, entry: entry}, id.ID{}, now)
}

func (s *storeroom) handOver(t *rapid.T) {
	keys, to, by, now := s.some(t, (*modelKey).out), s.person(t, "receiver"), s.actor(t), s.turn()
	if rapid.Bool().Draw(t, "own") { // what somebody holds, by himself
		if i := slices.IndexFunc(s.actors, func(a modelActor) bool { return a.Person == keys[0].holder() }); i >= 0 {
			keys, by = keys[:1], s.actors[i]
		}
	}
	in := custody.HandOverInput{Keys: idsOf(keys), To: to.ID, OverrideReason: overrideReason(t), IdempotencyKey: s.once()}
	if rapid.Bool().Draw(t, "due") {
		in.DueAt = ptr(now.Add(time.Duration(between(t, "minutes", 1, 300)) * time.Minute))
	}
	whole := s.model.withMatesOut(keys)
	want, overridden := s.model.decideOffer(whole, by, in, now)
	var made *custody.Handovers
	if !s.expect(t, func() (err error) {
		made, err = s.f.Custody.HandOver(s.ctx, by.Actor, in)
		return err
	}, want) {
		return
	}
	for _, k := range whole {
		h := made.Handovers[slices.IndexFunc(made.Handovers, func(h *custody.Handover) bool { return h.KeyID == k.id })]
		k.endOffer(now)
		k.offer = &modelOffer{
			id: h.ID, key: k, giver: k.holder(), to: to.ID, by: by.Person, due: dueOfReceiver(k, in.DueAt), at: now,
			override: overridden, state: custody.HandoverPending,
		}
		s.model.offers = append(s.model.offers, k.offer)
		k.record(ledger.KeyHandoverRequested, k.holder())
	}
}

func dueOfReceiver(k *modelKey, due *time.Time) *time.Time {
	if due == nil {
		return k.loan.due
	}
	return due
}

// decideOffer gives why keys cannot be offered, "" when they can, and whether that goes against a curfew or reservations.
func (m *model) decideOffer(keys []*modelKey, by modelActor, in custody.HandOverInput, now time.Time) (fault.Kind, bool) {
	for _, k := range keys { // the first key that is in the way says why
		switch {
		case !k.out() && by.custodian:
			return fault.Conflict, false
		case !by.reaches(k.holder()):
			return fault.BadInput, false
		case k.holder() == in.To:
			return fault.BadInput, false
		case k.holder() != by.Person && !by.custodian:
			return fault.Forbidden, false
		}
	}
	override, overridden := in.OverrideReason != "", false
	switch {
	case anyKey(keys, func(k *modelKey) bool { return in.DueAt == nil && k.loan.due != nil && !k.loan.due.After(now) }):
		return fault.BadInput, false
	case anyKey(keys, func(k *modelKey) bool { return k.marked }):
		return fault.Conflict, false
	case anyKey(keys, func(k *modelKey) bool { return !m.mayTake(k, in.To, now) }):
		return fault.Forbidden, false
	case in.DueAt != nil && m.passesCurfew(keys, now, in.DueAt):
		if overridden = override && by.admin; !overridden {
			return fault.BadInput, false
		}
	}
	if anyKey(keys, func(k *modelKey) bool { return len(m.broken(k, in.To, now, dueOfReceiver(k, in.DueAt), now)) > 0 }) {
		if overridden = true; !override || !by.custodian {
			return fault.Conflict, false
		}
	}
	return "", overridden
}
