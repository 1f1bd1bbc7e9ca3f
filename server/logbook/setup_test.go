package logbook

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/custody/custodytest"
	"github.com/keytrail/keytrail/server/feeds"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/page"
)

// fixture is a logbook over keys and people.
type fixture struct {
	*custodytest.Fixture
	t    testing.TB
	book *Service
}

func open(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{Fixture: custodytest.Open(t), t: t}
	riga, err := time.LoadLocation("Europe/Riga")
	if err != nil {
		t.Fatal(err)
	}
	if f.book, err = New(f.DB, f.Seal, f.Ledger, f.Access, f.Custody, f.People, riga, f.Clock.Now); err != nil {
		t.Fatal(err)
	}
	return f
}

// reloadPolicy makes the services anew, with the policy as the database has it.
func (f *fixture) reloadPolicy() {
	f.t.Helper()
	f.Access = must[*access.Service](f.t)(access.New(f.t.Context(), f.DB, f.Ledger, f.Clock.Now, slog.New(slog.DiscardHandler)))
	f.book.access = f.Access
}

// always lets a feed go on as the same actor.
func always(actor *access.Actor) feeds.Recheck {
	return func(context.Context, bool) (*access.Actor, error) { return actor, nil }
}

// inTurn lets a feed go on as one actor after another, as the last one in the end.
func inTurn(actors ...*access.Actor) feeds.Recheck {
	return func(context.Context, bool) (*access.Actor, error) {
		actor := actors[0]
		if len(actors) > 1 {
			actors = actors[1:]
		}
		return actor, nil
	}
}

// takeAll makes a Send of what takes everything at once, and says whether it wants more.
func takeAll[V any](send func([]Delivery[V]) bool) Send[V] {
	return func(some []Delivery[V]) (int, bool) { return len(some), send(some) }
}

func must[T any](t testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func ptr[T any](v T) *T { return &v }

// seqs walks through a list of movements, a few at a time, newest first.
func (f *fixture) seqs(actor *access.Actor, filter Filter, size int) []uint64 {
	f.t.Helper()
	var all []uint64
	for after := ""; ; {
		p := must[page.Page[*KeyEntry]](f.t)(f.book.KeyLog(f.t.Context(), actor, filter, page.Request{First: &size, After: after}))
		for _, e := range p.Items {
			all = append(all, e.Seq)
		}
		if after = p.Info.EndCursor; !p.Info.HasNextPage {
			return all
		}
	}
}

// history gives the newest entries of a key.
func (f *fixture) history(actor *access.Actor, key id.ID) page.Page[*KeyEntry] {
	f.t.Helper()
	asked := HistoryRequest{Key: key, First: page.DefaultSize}
	found := must[map[HistoryRequest]History](f.t)(f.book.KeyHistories(f.t.Context(), actor, []HistoryRequest{asked}))[asked]
	return must[page.Page[*KeyEntry]](f.t)(found.Page, found.Err)
}
