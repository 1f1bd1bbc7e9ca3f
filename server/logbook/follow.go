package logbook

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/ledger"
)

// Recheck asks anew who the actor of a feed is, and whether he still may follow. changed says that an entry told
// of a change to him: the answer must not be older than that entry. Its error ends the feed.
type Recheck func(ctx context.Context, changed bool) (*access.Actor, error)

// FollowKeys gives entries of the key stream to send, in the order they were recorded: those behind the cursor
// after and then those to come; after "" starts now. Nothing is skipped and nothing repeated. It returns when ctx
// ends or send gives false (nil), or with the error that ends the feed: BAD_USER_INPUT for a cursor that this
// ledger did not give, and what Require or recheck say. send may block; it must return when ctx ends.
func (s *Service) FollowKeys(ctx context.Context, actor *access.Actor, after string, f Filter, recheck Recheck, send func(*KeyEntry) bool) error {
	return unlessLeft(ctx, follow(ctx, s, actor, keyStream(), viewKeyFeed, after, f, recheck, send))
}

// FollowAuth is FollowKeys for the auth stream.
func (s *Service) FollowAuth(ctx context.Context, actor *access.Actor, after string, f Filter, recheck Recheck, send func(*AuthEntry) bool) error {
	return unlessLeft(ctx, follow(ctx, s, actor, authStream(), viewAuthFeed, after, f, recheck, send))
}

// FollowSystem is FollowKeys for the system stream. That somebody began to follow stands in front of what he follows.
func (s *Service) FollowSystem(ctx context.Context, actor *access.Actor, after string, f Filter, recheck Recheck, send func(*SystemEntry) bool) error {
	return unlessLeft(ctx, follow(ctx, s, actor, systemStream(), viewSystemFeed, after, f, recheck, send))
}

func follow[V any](ctx context.Context, s *Service, actor *access.Actor, st stream[V], view, after string, f Filter, recheck Recheck, send func(V) bool) error {
	scope, err := s.access.Require(ctx, actor, st.permission)
	if err != nil {
		return err
	}
	next, err := s.nextAfter(ctx, after)
	if err != nil {
		return err
	}
	q, err := s.newQuery(ctx, st.name, actor, scope, f)
	if err != nil {
		return err
	}
	if err := s.viewed(ctx, actor, viewing{view: view, filter: f.words(), purpose: f.Purpose}); err != nil {
		return err
	}
	follower, err := s.followerAt(ctx, next)
	if err != nil {
		return err
	}
	g := s.guard(st.permission, q, recheck)
	for {
		entries, err := g.next(ctx, follower)
		if err != nil {
			return err
		}
		if more, err := deliver(ctx, g, st, entries, send); err != nil || !more {
			return err
		}
	}
}

// deliver gives to send what the guard admits. more is false when send wants no more.
func deliver[V any](ctx context.Context, g *guard, st stream[V], entries []ledger.Entry, send func(V) bool) (more bool, err error) {
	for i := range entries {
		pass, err := g.admits(ctx, &entries[i])
		if err != nil {
			return false, err
		}
		if !pass {
			continue
		}
		view, err := st.view(g.mask, ctx, &entries[i])
		if err != nil || !send(view) {
			return false, err
		}
	}
	return true, nil
}

// unlessLeft gives no error for a feed that ends because its reader has left.
func unlessLeft(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// nextAfter gives the number of the entry behind a cursor; nil for no cursor.
func (s *Service) nextAfter(ctx context.Context, after string) (*uint64, error) {
	if after == "" {
		return nil, nil
	}
	at, err := placeOf("after", after)
	if err != nil {
		return nil, err
	}
	_, size, err := s.ledger.LastRecorded(ctx)
	if err != nil {
		return nil, err
	}
	if at.Seq >= size {
		return nil, fault.Field("after", "this cursor lies beyond the end of the record: start anew without it")
	}
	next := at.Seq + 1
	return &next, nil
}

// followerAt gives a follower that begins with an entry, or now.
func (s *Service) followerAt(ctx context.Context, next *uint64) (*ledger.Follower, error) {
	if next == nil {
		return s.ledger.FollowFromNow(ctx)
	}
	return s.ledger.Follow(*next), nil
}

// guard decides what a feed lets through, and whether it may go on. The feed's pace is measured by the machine's
// clock, since what matters is how long a right that was taken away goes on working.
type guard struct {
	s          *Service
	permission access.Permission
	recheck    Recheck
	query      *query
	mask       mask
	checked    time.Time
}

func (s *Service) guard(p access.Permission, q *query, recheck Recheck) *guard {
	return &guard{s: s, permission: p, recheck: recheck, query: q, mask: s.maskFor(q.actor), checked: time.Now()}
}

// next waits for entries, and asks for the right again while there are none.
func (g *guard) next(ctx context.Context, follower *ledger.Follower) ([]ledger.Entry, error) {
	for {
		entries, err := g.wait(ctx, follower)
		if err != nil || len(entries) > 0 {
			return entries, err
		}
	}
}

// wait waits for entries and gives none when it is time to ask for the right again, which it does.
func (g *guard) wait(ctx context.Context, follower *ledger.Follower) ([]ledger.Entry, error) {
	idle, stop := context.WithTimeout(ctx, g.s.recheck-time.Since(g.checked))
	defer stop()
	entries, err := follower.Next(idle)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, g.check(ctx, false)
	}
	return entries, err
}

// admits reports whether an entry goes to the feed.
func (g *guard) admits(ctx context.Context, e *ledger.Entry) (bool, error) {
	if err := g.keepChecked(ctx, e); err != nil {
		return false, err
	}
	if g.query.dependsOn(e) {
		if err := g.s.lookUpKeys(ctx, g.query); err != nil {
			return false, err
		}
	}
	if !g.query.matches(e) || !reaches(g.query.scope, g.query.actor, e) {
		return false, nil
	}
	return g.query.admitsIP(ctx, g.mask, e)
}

// keepChecked asks for the right again, when the entry may have changed it or it was last asked for a while ago.
func (g *guard) keepChecked(ctx context.Context, e *ledger.Entry) error {
	if !g.touchesRights(e) && time.Since(g.checked) < g.s.recheck {
		return nil
	}
	return g.check(ctx, g.tellsOfActor(e))
}

func (g *guard) check(ctx context.Context, changed bool) error {
	actor, err := g.recheck(ctx, changed)
	if err != nil {
		return err
	}
	scope, err := g.s.access.Require(ctx, actor, g.permission)
	if err != nil {
		return err
	}
	if g.query.ip.IsValid() {
		if _, err := g.s.access.Require(ctx, actor, access.LogsPersonalView); err != nil {
			return err
		}
	}
	g.query.actor, g.query.scope, g.mask, g.checked = actor, scope, g.s.maskFor(actor), time.Now()
	return nil
}

// touchesRights reports whether an entry may have changed what the feed's actor is allowed.
func (g *guard) touchesRights(e *ledger.Entry) bool {
	return changesAccess(e) || g.tellsOfActor(e)
}

// tellsOfActor reports whether an entry may tell of a change to the feed's actor himself, or to his session.
func (g *guard) tellsOfActor(e *ledger.Entry) bool {
	concerned := !e.Person.IsZero() && e.Person == g.query.actor.Person
	return concerned && (changesAccess(e) || e.Stream == ledger.StreamAuth && e.Action != ledger.AccessDenied)
}

func changesAccess(e *ledger.Entry) bool {
	return strings.HasPrefix(e.Action, "access.") && e.Action != ledger.AccessDenied
}
