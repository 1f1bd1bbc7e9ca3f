package access_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/keytrail/keytrail/server/access"
	"github.com/keytrail/keytrail/server/fault"
	"github.com/keytrail/keytrail/server/id"
	"github.com/keytrail/keytrail/server/ledger"
	"github.com/keytrail/keytrail/server/ledger/ledgertest"
	"github.com/keytrail/keytrail/server/mysql"
	"github.com/keytrail/keytrail/server/seal"
)

// clock is a clock that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock {
	return &clock{at: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type bundle struct {
	*ledgertest.Fixture
	clock  *clock
	access *access.Service
}

func setup(t testing.TB) *bundle {
	t.Helper()
	c := newClock()
	f := ledgertest.OpenAt(t, c.now)
	return &bundle{Fixture: f, clock: c, access: start(t, f, f.Ledger, c)}
}

// start makes an access service as a process of its own would, and runs it until the test ends.
func start(t testing.TB, f *ledgertest.Fixture, l *ledger.Ledger, c *clock) *access.Service {
	t.Helper()
	s, err := access.New(t.Context(), f.DB, l, c.now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s
}

// person makes a person's key, which is all that entries about him need.
func (b *bundle) person(t testing.TB) id.ID {
	t.Helper()
	var person id.ID
	err := b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		person = id.New()
		return b.Seal.CreateKey(ctx, tx, seal.Person(person))
	})
	if err != nil {
		t.Fatal(err)
	}
	return person
}

func (b *bundle) setRoles(t testing.TB, person id.ID, roles ...string) {
	t.Helper()
	if err := b.trySetRoles(t, person, roles...); err != nil {
		t.Fatal(err)
	}
}

func (b *bundle) trySetRoles(t testing.TB, person id.ID, roles ...string) error {
	t.Helper()
	return b.DB.InTx(t.Context(), func(ctx context.Context, tx *mysql.Tx) error {
		return b.access.SetRoles(ctx, tx, access.System(), person, roles)
	})
}

// signedIn is the actor of a person who signed in, so that his roles are asked for anew each time.
func signedIn(person id.ID) *access.Actor {
	return &access.Actor{Person: person, Account: id.New(), Session: id.New(), Source: ledger.SourceKeytrail}
}

// entries gives all entries of an action.
func (b *bundle) entries(t testing.TB, action string) []ledger.Entry {
	t.Helper()
	all, err := b.Ledger.Read(t.Context(), b.DB, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var found []ledger.Entry
	for _, e := range all {
		if e.Action == action {
			found = append(found, e)
		}
	}
	return found
}

func wantKind(t testing.TB, err error, kind fault.Kind) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("the error is %v; want one of kind %s", err, kind)
	}
	return f
}
