package logbook

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/ledger"
)

// FollowCalendar gives the calendar to send at once, and again whenever one of its days has changed, at most
// twice a second; the last change is never left out. It returns as FollowKeys does.
func (s *Service) FollowCalendar(ctx context.Context, actor *access.Actor, r CalendarRequest, recheck Recheck, send func(*Calendar) bool) error {
	scope, err := s.access.Require(ctx, actor, access.LogsKeysView)
	if err != nil {
		return err
	}
	follower, err := s.ledger.FollowFromNow(ctx) // before the first calendar is read, so that no change falls in between
	if err != nil {
		return err
	}
	q := &query{stream: ledger.StreamKey, actor: actor, scope: scope}
	g := &guard{s: s, permission: access.LogsKeysView, recheck: recheck, query: q, checked: time.Now()}
	var sent *Calendar
	for {
		c, err := s.Calendar(ctx, g.query.actor, r)
		if err != nil {
			return ended(ctx, err)
		}
		if !c.equal(sent) {
			if !send(c) {
				return nil
			}
			sent = c
		}
		if err := g.pause(ctx); err != nil {
			return ended(ctx, err)
		}
		if err := g.untilMoved(ctx, follower, r); err != nil {
			return ended(ctx, err)
		}
	}
}

func (c *Calendar) equal(other *Calendar) bool {
	return other != nil && c.TimeZone == other.TimeZone && slices.Equal(c.Days, other.Days)
}

// pause keeps two calendars apart.
func (g *guard) pause(ctx context.Context) error {
	timer := time.NewTimer(g.s.coalesce)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// untilMoved returns when the calendar may have changed: with an entry, or because another day has begun.
func (g *guard) untilMoved(ctx context.Context, follower *ledger.Follower, r CalendarRequest) error {
	before, err := g.s.layOut(r)
	if err != nil {
		return err
	}
	for {
		entries, err := g.wait(ctx, follower)
		if err != nil {
			return err
		}
		moved := false
		for i := range entries {
			if err := g.keepChecked(ctx, g.touchesRights(&entries[i])); err != nil {
				return err
			}
			moved = moved || entries[i].Stream == ledger.StreamKey
		}
		if now, err := g.s.layOut(r); err != nil || moved || !now.bounds[0].Equal(before.bounds[0]) {
			return err
		}
	}
}
