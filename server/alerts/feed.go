package alerts

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
)

// Follow gives alerts to send, as they are by then, whenever one is raised, joined or changed, from now on. It returns
// when ctx ends or send wants no more (nil), or with what Require or recheck say.
func (s *Service) Follow(ctx context.Context, actor *access.Actor, recheck feeds.Recheck, send func(*Alert) bool) error {
	if _, err := s.access.Require(ctx, actor, access.AlertsView); err != nil {
		return err
	}
	follower, actor, err := feeds.Begin(ctx, s.ledger, recheck)
	if err != nil {
		return feeds.UnlessLeft(ctx, err)
	}
	pause := time.NewTicker(s.recheck)
	defer pause.Stop()
	for {
		entries, err := follower.NextUntil(ctx, pause.C)
		if err != nil {
			return feeds.UnlessLeft(ctx, err)
		}
		if actor, err = recheck(ctx, feeds.ChangeAccess(entries)); err != nil {
			return feeds.UnlessLeft(ctx, err)
		}
		if _, err := s.access.Require(ctx, actor, access.AlertsView); err != nil {
			return feeds.UnlessLeft(ctx, err)
		}
		if more, err := s.deliver(ctx, actor, changedIn(entries), send); err != nil || !more {
			return feeds.UnlessLeft(ctx, err)
		}
	}
}

func (s *Service) deliver(ctx context.Context, actor *access.Actor, changed []id.ID, send func(*Alert) bool) (more bool, err error) {
	for _, one := range changed {
		alert, err := s.Get(ctx, actor, one)
		if err != nil {
			return false, err
		}
		if alert != nil && !send(alert) {
			return false, nil
		}
	}
	return true, nil
}

// changedIn names the alerts that entries tell of, each once.
func changedIn(entries []ledger.Entry) []id.ID {
	var changed []id.ID
	for i := range entries {
		e := &entries[i]
		if e.Entity.Type != EntityAlert || !strings.HasPrefix(e.Action, "alert.") {
			continue
		}
		if alert, err := id.Parse(e.Entity.ID); err == nil && !slices.Contains(changed, alert) {
			changed = append(changed, alert)
		}
	}
	return changed
}
