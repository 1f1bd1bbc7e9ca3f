package logbook

import (
	"context"
	"slices"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/people"
)

// FollowCalendar gives the calendar to send at once, and again whenever one of its days has changed, at most
// twice a second; the last change is never left out. It returns as FollowKeys does.
func (s *Service) FollowCalendar(ctx context.Context, actor *access.Actor, r CalendarRequest, recheck feeds.Recheck, send func(*Calendar) bool) error {
	return feeds.UnlessLeft(ctx, s.followCalendar(ctx, actor, r, recheck, send))
}

func (s *Service) followCalendar(ctx context.Context, actor *access.Actor, r CalendarRequest, recheck feeds.Recheck, send func(*Calendar) bool) error {
	scope, err := s.access.Require(ctx, actor, access.LogsKeysView)
	if err != nil {
		return err
	}
	follower, err := s.ledger.FollowFromNow(ctx) // before the first calendar is read, so that no change falls in between
	if err != nil {
		return err
	}
	g := s.guard(keyStream().parts, &query{actor: actor, spans: []span{{ledger.StreamKey, scope}}}, recheck)
	if err := g.check(ctx, true); err != nil {
		return err
	}
	defer g.pause.Stop()
	var sent *Calendar
	for {
		reach := g.reach()
		c, err := s.Calendar(ctx, g.query.actor, r)
		if err != nil {
			return err
		}
		if !c.equal(sent) {
			if !send(c) {
				return nil
			}
			sent = c
		}
		if err := g.keepApart(ctx); err != nil {
			return err
		}
		if err := g.untilMoved(ctx, follower, r, c.Days[0].Date, reach); err != nil {
			return err
		}
	}
}

// reach is whose movements a calendar counts.
type reach struct {
	scope              access.Scope
	person, department id.ID
}

func (g *guard) reach() reach {
	return reach{g.query.spans[0].scope, g.query.actor.Person, g.query.actor.Department}
}

func (c *Calendar) equal(other *Calendar) bool {
	return other != nil && c.TimeZone == other.TimeZone && slices.Equal(c.Days, other.Days)
}

// keepApart keeps two calendars apart.
func (g *guard) keepApart(ctx context.Context) error {
	timer := time.NewTimer(g.s.coalesce)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// untilMoved returns when a calendar that begins with first may have changed: with an entry, because the days that
// the request means are others by now, or because its reader sees other movements than before.
func (g *guard) untilMoved(ctx context.Context, follower *ledger.Follower, r CalendarRequest, first people.Date, before reach) error {
	for {
		entries, err := g.wait(ctx, follower)
		if err != nil {
			return err
		}
		moved := false
		for i := range entries {
			if e := &entries[i]; g.due(e) {
				if err := g.check(ctx, g.tellsOfActor(e)); err != nil {
					return err
				}
			}
			moved = moved || entries[i].Stream == ledger.StreamKey
		}
		if d, err := g.s.layOut(r); err != nil || moved || d.dates[0] != first || g.reach() != before {
			return err
		}
	}
}
