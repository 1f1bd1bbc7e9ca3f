package custody

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// recheckInterval is how often a feed that is idle asks anew whether it may go on.
const recheckInterval = time.Second

// FollowApprovals gives to send approvals that the actor's right to approve reaches, as they are by then, whenever one is
// asked for, decided or cancelled, from now on. It returns when ctx ends or send wants no more (nil), or with what Require
// or recheck say.
func (s *Service) FollowApprovals(ctx context.Context, actor *access.Actor, recheck feeds.Recheck, send func(*Approval) bool) error {
	if _, err := s.access.Require(ctx, actor, access.KeysApprove); err != nil {
		return err
	}
	follower, actor, err := feeds.Begin(ctx, s.ledger, recheck)
	if err != nil {
		return feeds.UnlessLeft(ctx, err)
	}
	pause := time.NewTicker(recheckInterval)
	defer pause.Stop()
	for {
		entries, err := follower.NextUntil(ctx, pause.C)
		if err != nil {
			return feeds.UnlessLeft(ctx, err)
		}
		if actor, err = recheck(ctx, feeds.ChangeAccess(entries)); err != nil {
			return feeds.UnlessLeft(ctx, err)
		}
		scope, err := s.access.Require(ctx, actor, access.KeysApprove)
		if err != nil {
			return feeds.UnlessLeft(ctx, err)
		}
		if more, err := s.deliverApprovals(ctx, actor, scope, entries, send); err != nil || !more {
			return feeds.UnlessLeft(ctx, err)
		}
	}
}

func (s *Service) deliverApprovals(ctx context.Context, actor *access.Actor, scope access.Scope, entries []ledger.Entry, send func(*Approval) bool) (more bool, err error) {
	for _, one := range approvalsIn(entries) {
		a, err := findApproval(ctx, s.db, selectApproval, one, s.instant())
		if fault.Is(err, fault.NotFound) || err == nil && !scope.Reaches(actor, a.HolderID, a.Department) {
			continue
		}
		if err == nil {
			err = s.showApprovals(ctx, actor, []*Approval{a})
		}
		if err != nil {
			return false, err
		}
		if !send(a) {
			return false, nil
		}
	}
	return true, nil
}

// approvalsIn names the approvals whose states entries tell of, each once.
func approvalsIn(entries []ledger.Entry) []id.ID {
	var changed []id.ID
	for i := range entries {
		e := &entries[i]
		if e.Stream != ledger.StreamKey || !strings.HasPrefix(e.Action, approvalActions) {
			continue
		}
		if one := e.RefID(RefApproval); !one.IsZero() && !slices.Contains(changed, one) {
			changed = append(changed, one)
		}
	}
	return changed
}

// approvalActions is what the actions begin with that tell of an approval.
const approvalActions = "key.approval_"
