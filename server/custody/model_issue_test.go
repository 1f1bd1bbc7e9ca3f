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

// modelIssue is an issue that is asked for, and what the rules make of it.
type modelIssue struct {
	keys       []*modelKey
	holder     id.ID
	at         time.Time
	due        *time.Time
	defaultDue bool
	// override says that a reason was given, and mayOverride that it counts against rules of groups.
	override, mayOverride bool
	overridden            bool
}

// late draws a time that was noted on paper, nil as a rule.
func late(t *rapid.T, now time.Time) *time.Time {
	if between(t, "late", 0, 4) > 0 {
		return nil
	}
	return ptr(now.Add(-time.Duration(between(t, "seconds", 1, 600)) * time.Second))
}

func (s *storeroom) issue(t *rapid.T) {
	keys, to, by, now := s.some(t, (*modelKey).in), s.person(t, "holder"), s.actor(t), s.turn()
	in := custody.IssueInput{Keys: idsOf(keys), Holder: to.ID, OverrideReason: overrideReason(t), IdempotencyKey: s.once()}
	i := modelIssue{keys: keys, holder: to.ID, at: now, override: in.OverrideReason != "", mayOverride: by.admin}
	if in.OccurredAt = late(t, now); in.OccurredAt != nil {
		in.Reason, i.at = "It was on paper", *in.OccurredAt
	}
	switch between(t, "due", 0, 3) {
	case 0:
		in.DefaultDue = true
	case 1, 2:
		in.DueAt = ptr(now.Add(time.Duration(between(t, "minutes", 1, 300)) * time.Minute))
	}
	i.due, i.defaultDue = in.DueAt, in.DefaultDue
	asked := i
	want := s.model.decideIssue(&i, now)
	waits := anyKey(i.keys, func(k *modelKey) bool { return k.marked })
	switch {
	case !by.custodian:
		want = fault.Forbidden
	case want == "" && waits && in.OccurredAt != nil:
		want = fault.BadInput
	}
	var made *custody.Movement
	done := s.expect(t, func() (err error) {
		made, err = s.f.Custody.Issue(s.ctx, by.Actor, in)
		return err
	}, want)
	switch {
	case !done:
	case waits:
		asked.keys, asked.override = i.keys, i.overridden // a reason that is not needed is not kept
		s.model.ask(made.Approvals[0], by, asked, now)
	default:
		s.model.issue(&i, made, now)
	}
}

// decideIssue gives why an issue is refused, "" when it is not, and what it comes to.
func (m *model) decideIssue(i *modelIssue, now time.Time) fault.Kind {
	i.keys = m.withMates(i.keys)
	why := i.override && i.mayOverride
	switch {
	case anyKey(i.keys, (*modelKey).out):
		return fault.Conflict
	case anyKey(i.keys, (*modelKey).unusable), i.due != nil && !i.due.After(i.at),
		anyKey(i.keys, func(k *modelKey) bool { return i.at.Before(k.lastMoved()) }):
		return fault.BadInput
	case anyKey(i.keys, func(k *modelKey) bool { return !m.mayTake(k, i.holder, i.at) }):
		if i.overridden = why; !why {
			return fault.Forbidden
		}
	}
	switch ruled := anyKey(i.keys, func(k *modelKey) bool { return k.ruled }); {
	case i.defaultDue && ruled:
		i.due = ptr(i.at.Add(modelDefault * time.Minute))
		if last := m.curfew(i.at); last.Before(*i.due) {
			i.due = &last
		}
	case !i.defaultDue && m.passesCurfew(i.keys, i.at, i.due):
		if i.overridden = why; !why {
			return fault.BadInput
		}
	}
	if m.breaks(i.keys, i.holder, i.at, i.due, now) {
		if i.overridden = true; !i.override {
			return fault.Conflict
		}
	}
	return ""
}

// issue lets the loans begin that the service made.
func (m *model) issue(i *modelIssue, made *custody.Movement, now time.Time) {
	for _, k := range i.keys {
		l := made.Loans[slices.IndexFunc(made.Loans, func(l *custody.Loan) bool { return l.KeyID == k.id })]
		k.loan = &modelLoan{id: l.ID, holder: i.holder, due: i.due}
		k.move(modelMove{action: ledger.KeyIssued, at: i.at, entry: entryOf(made.Entries, ledger.KeyIssued, k), loan: k.loan}, i.holder, now)
		m.lay(k, i.at, i.due, now)
	}
}

func (s *storeroom) takeBack(t *rapid.T) {
	keys, by, now := s.some(t, (*modelKey).out), s.actor(t), s.turn()
	in := custody.ReturnInput{Keys: idsOf(keys), IdempotencyKey: s.once()}
	at := now
	if in.OccurredAt = late(t, now); in.OccurredAt != nil {
		in.Reason, at = "It was on paper", *in.OccurredAt
	}
	whole := s.model.withMatesOut(keys)
	var want fault.Kind
	switch {
	case !by.custodian:
		want = fault.Forbidden
	case anyKey(whole, func(k *modelKey) bool { return !k.out() }):
		want = fault.Conflict
	case anyKey(whole, func(k *modelKey) bool { return at.Before(k.lastMoved()) }):
		want = fault.BadInput
	}
	var made *custody.Movement
	if s.expect(t, func() (err error) {
		made, err = s.f.Custody.Return(s.ctx, by.Actor, in)
		return err
	}, want) {
		s.model.takeBack(whole, made.Entries, at, now)
	}
}

// takeBack lets the loans of keys end.
func (m *model) takeBack(keys []*modelKey, entries []ledger.Entry, at, now time.Time) {
	for _, k := range keys {
		was := k.loan
		k.loan = nil
		k.move(modelMove{action: ledger.KeyReturned, at: at, entry: entryOf(entries, ledger.KeyReturned, k), loan: was}, was.holder, now)
	}
}

func (s *storeroom) retire(t *rapid.T) {
	if between(t, "sure", 0, 2) > 0 {
		return
	}
	key, by, now := s.key(t, (*modelKey).in), s.actor(t), s.turn()
	var want fault.Kind
	switch {
	case !by.admin:
		want = fault.Forbidden
	case key.retired, key.out(), len(s.model.ahead(key, now)) > 0:
		want = fault.Conflict
	}
	if s.expect(t, func() error {
		_, err := s.f.Custody.RetireKey(s.ctx, by.Actor, custody.RetireKeyInput{ID: key.id, IdempotencyKey: s.once()})
		return err
	}, want) {
		key.retired, key.ringed = true, false
		key.record(ledger.KeyRetired, id.ID{})
	}
}
