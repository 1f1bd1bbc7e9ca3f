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

// terms are what the rules of groups and the reservations make of an issue, an extension or a handover.
type terms struct {
	due *time.Time
	met
	// overridden is set when it happens only because somebody said why.
	overridden bool
}

// termsOf decides on what terms the keys of a desk go out, or refuses. mayOverride lets the override reason of the
// input stand against the rules of groups; against reservations it always does.
func (s *Service) termsOf(ctx context.Context, tx *mysql.Tx, actor *access.Actor, d desk, in IssueInput, to holder, at time.Time, mayOverride bool) (terms, error) {
	t := terms{due: in.DueAt}
	rules, err := selectRules(ctx, tx, d.ids())
	if err != nil {
		return t, err
	}
	override := in.OverrideReason != ""
	if err := s.checkMayTake(actor, d, rules, to, at, access.KeysIssue, mayOverride); err != nil {
		if t.overridden = override && mayOverride; !t.overridden {
			return t, err
		}
	}
	if in.DefaultDue {
		t.due = s.earliestDefault(d, rules, at)
	} else if err := s.checkCurfew(d, rules, in.DueAt, at, mayOverride); err != nil {
		if !override || !mayOverride {
			return t, err
		}
		t.overridden = true
	}
	t.met, err = s.meet(ctx, tx, d, to, func(place) period { return period{at, t.due} })
	if err == nil && len(t.broken) > 0 && !override {
		err = s.conflictReserved(actor, d, t.broken).overridable(fault.Say("issued"))
	}
	t.overridden = t.overridden || len(t.broken) > 0
	return t, err
}

// earliestDefault gives when keys are due together if nobody says.
func (s *Service) earliestDefault(d desk, rules map[id.ID][]ruled, at time.Time) *time.Time {
	var due *time.Time
	for _, p := range d {
		if one := defaultDue(rulesOf(rules[p.key.ID]), at, s.zone); one != nil {
			due = earlier(due, *one)
		}
	}
	return due
}

// checkCurfew demands that keys are back when their groups want them back.
func (s *Service) checkCurfew(d desk, rules map[id.ID][]ruled, due *time.Time, at time.Time, mayOverride bool) error {
	for _, p := range d {
		last := curfew(rulesOf(rules[p.key.ID]), at, s.zone)
		if last == nil || due != nil && !due.After(*last) {
			continue
		}
		f := fault.Field("dueAt", "key %s has to be back at %s: choose that time or an earlier one", p.key.Number, s.clock(*last)).
			With("latest", last.Format(ledger.TimeFormat))
		if mayOverride {
			f = f.With("required", requiredOverride)
		}
		return f
	}
	return nil
}

// DefaultDueByKey gives when keys would be due if they were issued now and nobody said, nil for until further notice,
// for joins: the caller has seen the keys.
func (s *Service) DefaultDueByKey(ctx context.Context, keys []id.ID) (map[id.ID]*time.Time, error) {
	rules, err := selectRules(ctx, s.db, keys)
	if err != nil {
		return nil, err
	}
	now := s.instant()
	due := make(map[id.ID]*time.Time, len(rules))
	for key, groups := range rules {
		due[key] = defaultDue(rulesOf(groups), now, s.zone)
	}
	return due, nil
}
