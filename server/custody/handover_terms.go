package custody

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/mysql"
)

// termsOfOffer decides whether keys may be offered to somebody, or refuses.
func (s *Service) termsOfOffer(ctx context.Context, tx *mysql.Tx, actor *access.Actor, d desk, in HandOverInput, to holder, now time.Time) (terms, error) {
	var t terms
	rules, err := s.mayReceive(ctx, tx, actor, d, to, now)
	if err != nil {
		return t, err
	}
	override, mayOverride := in.OverrideReason != "", s.overridesRules(actor)
	if in.DueAt != nil {
		if err := s.checkCurfew(d, rules, in.DueAt, now, mayOverride); err != nil {
			if t.overridden = override && mayOverride; !t.overridden {
				return t, err
			}
		}
	}
	t.met, err = s.meet(ctx, tx, d, to, func(p place) period { return period{now, p.dueOfReceiver(in.DueAt)} })
	if err != nil || len(t.broken) == 0 {
		return t, err
	}
	reserved := s.conflictReserved(actor, d, t.broken)
	switch {
	case !s.access.ScopeOf(actor, access.KeysIssue).Reaches(actor, to.id, to.department):
		return t, reserved.fault()
	case !override:
		return t, reserved.overridable(fault.Say("handed over"))
	}
	t.overridden = true
	return t, nil
}

// mayReceive demands that keys may go on to somebody without coming back, and gives their groups' rules.
func (s *Service) mayReceive(ctx context.Context, tx *mysql.Tx, actor *access.Actor, d desk, to holder, now time.Time) (map[id.ID][]ruled, error) {
	if marked := d.where(func(p place) bool { return p.key.ApprovalRequired }); len(marked) > 0 {
		keys := make([]KeyNamed, len(marked))
		for i, p := range marked {
			keys[i] = KeyNamed{ID: p.key.ID, Number: p.key.Number}
		}
		return nil, fault.New(fault.Conflict, "%s issued with a second person's approval only, and cannot be handed over: return it, and have it issued to the receiver.",
			sentence(keys)).With("keys", keys)
	}
	rules, err := selectRules(ctx, tx, d.ids())
	if err != nil {
		return nil, err
	}
	return rules, s.checkMayTake(actor, d, rules, to, now, access.KeysView, false)
}

// termsOfAcceptance decides anew whether keys that were offered may go to their receiver. Only what was reserved before
// the offer is overridden, by the reason that was given with it.
func (s *Service) termsOfAcceptance(ctx context.Context, tx *mysql.Tx, actor *access.Actor, offered offers, to holder, at time.Time) (t terms, why string, err error) {
	d := offered.desk()
	if _, err := s.mayReceive(ctx, tx, actor, d, to, at); err != nil {
		return t, "", err
	}
	t.met, err = s.meet(ctx, tx, d, to, func(p place) period { return period{at, offered.of(p.key.ID).DueAt} })
	if err != nil || len(t.broken) == 0 {
		return t, "", err
	}
	if why, err = s.whyOverridden(ctx, tx, offered[0].Handover); err != nil {
		return t, "", err
	}
	since := slices.DeleteFunc(slices.Clone(t.broken), func(r *Reservation) bool {
		return why != "" && !r.ReservedAt.After(offered[0].RequestedAt)
	})
	if len(since) > 0 {
		return t, "", s.conflictReserved(actor, d, since).fault()
	}
	return t, why, nil
}

// whyOverridden gives the reason that was given with an offer, "" where there was none or it was forgotten.
func (s *Service) whyOverridden(ctx context.Context, tx *mysql.Tx, h *Handover) (string, error) {
	if h.OverrideSeq == nil {
		return "", nil
	}
	texts, err := s.openTexts(ctx, tx, []uint64{*h.OverrideSeq}, FieldOverride)
	return texts[*h.OverrideSeq], err
}
