package logbook

import (
	"context"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/ledger"
)

// Delivery is an entry that goes to a feed and is not opened yet. It is good until send returns.
type Delivery[V any] struct {
	// Entry is shared with all feeds: nobody may change it.
	Entry *ledger.Entry
	guard *guard
	view  func(mask, context.Context, *ledger.Entry) (V, error)
}

// Cursor is where the feed resumes behind the entry.
func (d Delivery[V]) Cursor() string { return cursorOf(d.Entry) }

// Sight is the feed's actor's: who has the same is shown the same entry.
func (d Delivery[V]) Sight() access.Sight { return d.guard.sight }

// Open gives the entry as the feed's actor sees it.
func (d Delivery[V]) Open(ctx context.Context) (V, error) { return d.view(d.guard.mask, ctx, d.Entry) }

// Send takes deliveries from the front, at least one, and says how many. It is given the rest again, as far as the
// actor may still have it: whoever takes long takes few, so that the right is asked for in between. more is false
// when nobody wants more. It may block, and must return when the feed's ctx ends.
type Send[V any] func([]Delivery[V]) (taken int, more bool)

// maxDeliveries bounds what is given to send at once.
const maxDeliveries = 64

// FollowKeys gives entries of the key stream to send, in the order they were recorded and a few at a time: those
// behind the cursor after and then those to come; after "" starts now. Nothing is skipped and nothing repeated. It
// returns when ctx ends or send wants no more (nil), or with the error that ends the feed: BAD_USER_INPUT for a cursor
// that this ledger did not give, what Require or recheck say, and UNAVAILABLE with the last cursor for a reader who
// does not keep up.
func (s *Service) FollowKeys(ctx context.Context, actor *access.Actor, after string, f Filter, recheck feeds.Recheck, send Send[*KeyEntry]) error {
	return feeds.UnlessLeft(ctx, follow(ctx, s, actor, keyStream(), viewKeyFeed, after, f, recheck, send))
}

// FollowAuth is FollowKeys for the auth stream.
func (s *Service) FollowAuth(ctx context.Context, actor *access.Actor, after string, f Filter, recheck feeds.Recheck, send Send[*AuthEntry]) error {
	return feeds.UnlessLeft(ctx, follow(ctx, s, actor, authStream(), viewAuthFeed, after, f, recheck, send))
}

// FollowWork is FollowKeys for the work stream.
func (s *Service) FollowWork(ctx context.Context, actor *access.Actor, after string, f Filter, recheck feeds.Recheck, send Send[*WorkEntry]) error {
	return feeds.UnlessLeft(ctx, follow(ctx, s, actor, workStream(), viewWorkFeed, after, f, recheck, send))
}

// FollowSystem is FollowKeys for the system stream. That somebody began to follow stands in front of what he follows.
func (s *Service) FollowSystem(ctx context.Context, actor *access.Actor, after string, f Filter, recheck feeds.Recheck, send Send[*SystemEntry]) error {
	return feeds.UnlessLeft(ctx, follow(ctx, s, actor, systemStream(), viewSystemFeed, after, f, recheck, send))
}

func follow[V any](ctx context.Context, s *Service, actor *access.Actor, st stream[V], view, after string, f Filter, recheck feeds.Recheck, send Send[V]) error {
	spans, err := s.spans(ctx, actor, st.parts, f)
	if err != nil {
		return err
	}
	if f.Review != "" {
		return fault.Field("review", "a feed brings entries whatever reviewers say of them: leave review out")
	}
	next, err := s.nextAfter(ctx, after)
	if err != nil {
		return err
	}
	q, err := s.newQuery(ctx, actor, spans, f)
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
	g := s.guard(st.parts, q, recheck)
	defer g.pause.Stop()
	if err := g.check(ctx, true); err != nil { // what changed before the follower stood, it does not tell
		return err
	}
	b := &basket[V]{guard: g, view: st.view, send: send, cursor: startCursor(follower, s.now())}
	for {
		entries, err := g.wait(ctx, follower)
		if err != nil {
			return err
		}
		if more, err := b.deliver(ctx, entries); err != nil || !more {
			return err
		}
		if follower.Lagging() > s.patience {
			return tooSlow(b.cursor)
		}
	}
}

func tooSlow(cursor string) error {
	return fault.New(fault.Unavailable, "More happens than this feed takes. Resume it behind the last cursor.").With("cursor", cursor)
}

// startCursor is where a feed resumes that nothing was sent to yet, "" at the very beginning.
func startCursor(f *ledger.Follower, now time.Time) string {
	if f.Position() == 0 {
		return ""
	}
	return cursorOf(&ledger.Entry{Seq: f.Position() - 1, Body: ledger.Body{OccurredAt: now}})
}

// basket gathers what goes out together.
type basket[V any] struct {
	guard  *guard
	view   func(mask, context.Context, *ledger.Entry) (V, error)
	send   Send[V]
	full   []Delivery[V]
	cursor string
}

// deliver gives to send what the guard admits. more is false when send wants no more.
func (b *basket[V]) deliver(ctx context.Context, entries []ledger.Entry) (more bool, err error) {
	for i := range entries {
		e := &entries[i]
		if b.guard.due(e) { // what was admitted before goes out as it was admitted
			if more, err := b.empty(ctx); err != nil || !more {
				return false, err
			}
			if err := b.guard.check(ctx, b.guard.tellsOfActor(e)); err != nil {
				return false, err
			}
		}
		pass, err := b.guard.admits(ctx, e)
		if err != nil {
			return false, err
		}
		if pass {
			b.full = append(b.full, Delivery[V]{e, b.guard, b.view})
		}
		if len(b.full) == maxDeliveries {
			if more, err := b.empty(ctx); err != nil || !more {
				return false, err
			}
		}
	}
	return b.empty(ctx)
}

// empty sends what was gathered, and asks for the right again where that takes long. more is false when send wants
// no more.
func (b *basket[V]) empty(ctx context.Context) (more bool, err error) {
	rest := b.full
	defer func() { clear(b.full); b.full = b.full[:0] }() // so that no entry is kept that the ledger's tail has dropped
	for len(rest) > 0 {
		taken, more := b.send(rest)
		if !more {
			return false, nil
		}
		b.cursor = rest[taken-1].Cursor()
		if rest = rest[taken:]; len(rest) == 0 || !b.guard.isStale() {
			continue
		}
		if err := b.guard.check(ctx, false); err != nil {
			return false, err
		}
		if rest, err = b.stillAdmitted(ctx, rest); err != nil {
			return false, err
		}
	}
	return true, nil
}

// stillAdmitted gives, in place, those that go out after the right was asked for again.
func (b *basket[V]) stillAdmitted(ctx context.Context, some []Delivery[V]) ([]Delivery[V], error) {
	kept := some[:0]
	for _, d := range some {
		pass, err := b.guard.admits(ctx, d.Entry)
		if err != nil {
			return nil, err
		}
		if pass {
			kept = append(kept, d)
		}
	}
	return kept, nil
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
	s       *Service
	parts   []part
	recheck feeds.Recheck
	query   *query
	mask    mask
	sight   access.Sight
	checked time.Time
	// pause ends when it is time to ask for the right again.
	pause *time.Timer
}

func (s *Service) guard(parts []part, q *query, recheck feeds.Recheck) *guard {
	return &guard{
		s: s, parts: parts, recheck: recheck, query: q, mask: s.maskFor(q.actor), sight: s.access.Sight(q.actor),
		checked: time.Now(), pause: time.NewTimer(s.recheck),
	}
}

// wait waits for entries and gives none when it is time to ask for the right again, which it does.
func (g *guard) wait(ctx context.Context, follower *ledger.Follower) ([]ledger.Entry, error) {
	entries, err := follower.NextUntil(ctx, g.pause.C)
	if err != nil || len(entries) > 0 {
		return entries, err
	}
	if g.isStale() {
		err = g.check(ctx, false)
	}
	g.pause.Reset(g.s.recheck - time.Since(g.checked))
	return nil, err
}

// admits reports whether an entry goes to the feed. It is asked of every entry in turn, after due.
func (g *guard) admits(ctx context.Context, e *ledger.Entry) (bool, error) {
	if e.Action == ledger.AccessPersonMerged && g.query.asksFor(e) {
		if err := g.s.people.Reread(ctx, e.Person); err != nil {
			return false, err
		}
		g.s.lookUpPersons(g.query)
	}
	if g.query.dependsOn(e) {
		if err := g.s.lookUpKeys(ctx, g.query); err != nil {
			return false, err
		}
	}
	if !g.query.takesIn(e) || !g.query.matches(e) {
		return false, nil
	}
	return g.query.admitsIP(ctx, g.mask, e)
}

// due reports whether to ask for the right again: an entry may have changed it, or it was last asked for a while ago.
func (g *guard) due(e *ledger.Entry) bool {
	return g.touchesRights(e) || g.isStale()
}

// isStale reports whether the right was last asked for a while ago.
func (g *guard) isStale() bool { return time.Since(g.checked) >= g.s.recheck }

func (g *guard) check(ctx context.Context, changed bool) error {
	actor, err := g.recheck(ctx, changed)
	if err != nil {
		return err
	}
	spans, err := g.s.spans(ctx, actor, g.parts, g.query.Filter)
	if err != nil {
		return err
	}
	if g.query.ip.IsValid() {
		if _, err := g.s.access.Require(ctx, actor, access.LogsPersonalView); err != nil {
			return err
		}
	}
	g.query.actor, g.query.spans, g.checked = actor, spans, time.Now()
	g.mask, g.sight = g.s.maskFor(actor), g.s.access.Sight(actor)
	return nil
}

// touchesRights reports whether an entry may have changed what the feed's actor is allowed.
func (g *guard) touchesRights(e *ledger.Entry) bool {
	return feeds.ChangesAccess(e) || g.tellsOfActor(e)
}

// tellsOfActor reports whether an entry may tell of a change to the feed's actor himself, or to his session.
func (g *guard) tellsOfActor(e *ledger.Entry) bool {
	if token := g.query.actor.Token; !token.IsZero() {
		return e.Stream == ledger.StreamAuth && e.Entity.ID == token.String()
	}
	concerned := g.query.actor.Is(e.Person)
	return concerned && (feeds.ChangesAccess(e) || e.Stream == ledger.StreamAuth && e.Action != ledger.AccessDenied)
}
